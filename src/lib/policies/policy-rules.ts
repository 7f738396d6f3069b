import {
  TARGET_LABELS,
  TARGETS_OF,
  type StepAction,
  type StepKind,
  type SubjectKind,
  type TargetName,
  type TargetUnit
} from '#lib/clocks/model.ts';
import type { PolicyCriteria } from '#lib/clocks/policies.server.ts';
import { checkTarget } from '#lib/clocks/targets.ts';
import { RuleViolation } from '#lib/platform/errors.ts';
import { CRITERIA_OF, unitsOf, type Criterion } from './criteria.ts';
import type { EnteredUnit, PolicyTermsInput, StepRow, TargetRow } from './policy-inputs.ts';

/** A target that is promised, with its place among the rows. */
export interface Promised extends TargetRow {
  amount: number;
  unit: TargetUnit;
  place: number;
}

/** A step that tells somebody, with its place among the rows. */
export interface Planned extends StepRow {
  amount: number;
  tell: NonNullable<StepRow['tell']>;
  place: number;
}

const HOUR = 60;

const refuse = (message: string, field: string) => new RuleViolation(message, { field });

const CRITERION_WORDS: Record<Criterion, string> = {
  requestTypeId: 'a request type',
  priority: 'a priority',
  clientTier: 'a tier',
  clientTag: 'a tag',
  teamId: 'a team'
};

/** RuleViolation at the field where the policy looks at something that its records do not have. */
export function mustSuit(kind: SubjectKind, match: PolicyCriteria): void {
  for (const criterion of Object.keys(CRITERION_WORDS) as Criterion[]) {
    const given = match[criterion] !== null;
    if (given && !CRITERIA_OF[kind].includes(criterion))
      throw refuse(`A ${kind} does not have ${CRITERION_WORDS[criterion]}`, criterion);
  }
}

/** What is promised and the ladder, without the rows that were left empty. RuleViolation at the field of what is wrong. */
export function checkTerms(
  kind: SubjectKind,
  terms: PolicyTermsInput
): { targets: Promised[]; steps: Planned[] } {
  const targets = terms.targets.flatMap((row, place) =>
    row.amount === undefined ? [] : [{ ...row, ...lengthIn(row.unit, row.amount), place }]
  );
  if (targets.length === 0) throw refuse('Promise at least one thing', 'targets.0.amount');
  for (const [n, target] of targets.entries()) mustBePromisable(kind, target, targets.slice(0, n));
  const steps = terms.steps.flatMap((row, place) => (row.tell ? [plannedStep(row, row.tell, place)] : []));
  for (const [n, step] of steps.entries()) mustBePossible(kind, step, { targets, before: steps.slice(0, n) });
  for (const { target, place } of targets) {
    if (!steps.some((step) => step.target === target))
      throw refuse('Nobody would be told. Add a step to its ladder', `targets.${place}.amount`);
  }
  return { targets, steps };
}

const lengthIn = (unit: EnteredUnit, amount: number): { unit: TargetUnit; amount: number } =>
  unit === 'working_hours' ? { unit: 'working_minutes', amount: amount * HOUR } : { unit, amount };

function mustBePromisable(kind: SubjectKind, row: Promised, before: Promised[]): void {
  const { target, unit, place } = row;
  const field = `targets.${place}.amount`;
  if (!TARGETS_OF[kind].includes(target))
    throw refuse(`${TARGET_LABELS[target]} is not promised for a ${kind}`, field);
  if (before.some((other) => other.target === target))
    throw refuse(`${TARGET_LABELS[target]} is promised twice`, field);
  if (!unitsOf(target).includes(unit))
    throw refuse(`${TARGET_LABELS[target]} cannot be counted so`, `targets.${place}.unit`);
  try {
    checkTarget(row);
  } catch (problem) {
    throw problem instanceof RuleViolation ? refuse(problem.message, field) : problem;
  }
}

function plannedStep(row: StepRow, tell: Planned['tell'], place: number): Planned {
  if (row.amount === undefined) throw refuse('Say when', `steps.${place}.amount`);
  return { ...row, amount: row.amount, tell, place };
}

const MOST: Record<StepRow['when'], [number, string]> = {
  percent: [500, 'From 1 to 500 percent of the time'],
  after_minutes: [525_600, 'At most a year of working time'],
  after_hours: [8_760, 'At most a year of working time'],
  days_before: [365, 'At most 365 days before']
};

interface Around {
  targets: Promised[];
  before: Planned[];
}

function mustBePossible(kind: SubjectKind, step: Planned, { targets, before }: Around): void {
  const at = (field: string) => `steps.${step.place}.${field}`;
  const promised = targets.find(({ target }) => target === step.target);
  if (!promised)
    throw refuse(
      `${TARGET_LABELS[step.target]} is not promised: give it a time, or take this step out`,
      at('tell')
    );
  mustBeTimed(step, promised.unit, at('amount'));
  if (step.tell === 'user' && !step.tellUserId) throw refuse('Choose a colleague', at('tellUserId'));
  if (!step.does.includes('notify') && !step.does.includes('mail'))
    throw refuse('It would tell nobody: notify or mail them', at('tell'));
  mustBeDoable(kind, step, at('tell'));
  if (before.some((other) => isSame(other, step)))
    throw refuse('The ladder has this step already', at('amount'));
}

function mustBeTimed({ when, amount }: Planned, unit: TargetUnit, field: string): void {
  const [most, words] = MOST[when];
  if (!Number.isInteger(amount)) throw refuse('A whole number', field);
  if (amount < (when === 'percent' ? 1 : 0) || amount > most) throw refuse(words, field);
  if (when === 'days_before' && unit === 'working_minutes')
    throw refuse('Days before make sense of promises in days. Give a percentage of the time', field);
}

const OWNERLESS: readonly SubjectKind[] = ['client'];
const WITH_PRIORITY: readonly SubjectKind[] = ['query', 'request'];
const TAKERS: readonly Planned['tell'][] = ['secondary', 'substitute', 'head', 'user'];

function mustBeDoable(kind: SubjectKind, { does, tell }: Planned, field: string): void {
  if (has(does, 'reassign') && OWNERLESS.includes(kind))
    throw refuse('A client is handed over by people, not by a step', field);
  if (has(does, 'reassign') && !TAKERS.includes(tell))
    throw refuse('Work is given to one person: the head, the substitute, a named colleague', field);
  if (has(does, 'raise_priority') && !WITH_PRIORITY.includes(kind))
    throw refuse(`A ${kind} has no priority to raise`, field);
}

const has = (does: StepAction[], one: StepAction) => does.includes(one);

const isSame = (one: Planned, other: Planned) =>
  one.target === other.target &&
  JSON.stringify(timingOf(one)) === JSON.stringify(timingOf(other)) &&
  one.tell === other.tell &&
  (one.tell !== 'user' || one.tellUserId === other.tellUserId);

/** When a step is taken, as it is stored. */
export function timingOf({ when, amount }: Pick<Planned, 'when' | 'amount'>) {
  const minutes = when === 'after_hours' ? amount * HOUR : amount;
  return {
    atPercent: when === 'percent' ? amount : null,
    afterBreachMinutes: when === 'after_hours' || when === 'after_minutes' ? minutes : null,
    daysBefore: when === 'days_before' ? amount : null
  };
}

/** Before it is due a step warns; then it tells of the breach; later it escalates. */
export function kindOf({ when, amount }: Pick<Planned, 'when' | 'amount'>): StepKind {
  if (when === 'days_before' || (when === 'percent' && amount < 100)) return 'warning';
  return (when === 'percent' ? amount === 100 : amount === 0) ? 'breach' : 'escalation';
}

const DAYS_FIRST = 0;
const PERCENT_NEXT = 1;
const AFTERWARDS = 2;

/** Their order on the ladder. */
export function inOrder(steps: Planned[]): Planned[] {
  const rank = ({ when }: Planned) =>
    when === 'days_before' ? DAYS_FIRST : when === 'percent' ? PERCENT_NEXT : AFTERWARDS;
  const size = (step: Planned) =>
    step.when === 'days_before'
      ? -step.amount
      : step.when === 'after_hours'
        ? step.amount * HOUR
        : step.amount;
  return [...steps].sort((a, b) => rank(a) - rank(b) || size(a) - size(b) || a.place - b.place);
}

/** Keys for steps that are new: the kind, numbered where it was ever used. */
export function keyFor(kind: StepKind, target: TargetName, taken: Set<string>): string {
  for (let n = 1; ; n++) {
    const key = n === 1 ? kind : `${kind}_${n}`;
    if (taken.has(`${target} ${key}`)) continue;
    taken.add(`${target} ${key}`);
    return key;
  }
}
