import { TARGET_LABELS, TARGETS_OF, type SubjectKind, type TargetName } from '#lib/clocks/model.ts';
import { unitsOf } from './criteria.ts';
import type { EnteredUnit, StepRow, TargetRow } from './policy-inputs.ts';

/** A line of the ladder on the form: its number among all lines, and the target it is of. */
export interface LadderLine {
  n: number;
  target: TargetName;
  /** Without JavaScript there are empty lines to fill in; with it they are added when they are wanted. */
  spare: boolean;
}

const HOUR = 60;
const SPARE = 2;
const WARN_PERCENT = 75;

/** The rows for a kind's targets, those that are not promised without an amount. */
export const targetRows = (kind: SubjectKind, targets: readonly TargetRow[] = []): TargetRow[] =>
  TARGETS_OF[kind].map((target) => {
    const row = targets.find((one) => one.target === target);
    return row ? inHours(row) : { target, unit: usualUnit(target) };
  });

/** Whole hours are given as hours. */
const inHours = (row: TargetRow): TargetRow =>
  row.unit === 'working_minutes' && row.amount !== undefined && row.amount % HOUR === 0
    ? { ...row, unit: 'working_hours', amount: row.amount / HOUR }
    : row;

const usualUnit = (target: TargetName): EnteredUnit =>
  unitsOf(target).find((unit) => unit !== 'working_minutes') ?? 'working_days';

/** The lines a form starts with: those of the steps there are, and empty ones. */
export function ladderLines(
  kind: SubjectKind,
  steps: readonly Pick<StepRow, 'target'>[],
  typed: Record<string, unknown> = {}
): LadderLine[] {
  const targets = TARGETS_OF[kind];
  // A form that came back has its own lines, whatever the policy says by now.
  const isBack = Object.keys(typed).some((name) => name.startsWith('steps.'));
  const lines = isBack ? [] : steps.map(({ target }, n) => ({ n, target, spare: false }));
  for (const name of Object.keys(typed)) {
    const n = Number(/^steps\.(\d+)\.target$/.exec(name)?.[1] ?? -1);
    const target = targets.find((one) => one === typed[name]);
    const filled = typed[`steps.${n}.tell`] || typed[`steps.${n}.amount`];
    if (n >= 0 && target && filled) lines[n] = { n, target, spare: false };
  }
  const known = lines.filter(Boolean);
  const spare = targets.flatMap((target) => Array.from({ length: SPARE }, () => target));
  return [...known, ...spare.map((target, n) => ({ n: lines.length + n, target, spare: true }))];
}

/** What the fields of promises and steps are called where they stand apart from their promise, by name. */
export function fieldLabels(kind: SubjectKind, lines: readonly LadderLine[]): Record<string, string> {
  const promises = TARGETS_OF[kind].flatMap((target, n) => [
    [`targets.${n}.amount`, promiseName(target)],
    [`targets.${n}.unit`, promiseName(target, 'counted in')]
  ]);
  const steps = lines.flatMap(({ n, target }) => {
    const place = lines.filter((line) => line.target === target).findIndex((line) => line.n === n);
    return STEP_FIELDS.map(([field, what]) => [`steps.${n}.${field}`, stepName(target, place, what)]);
  });
  return Object.fromEntries([...promises, ...steps]) as Record<string, string>;
}

const STEP_FIELDS = [
  ['amount', 'when'],
  ['when', 'counted in'],
  ['tell', 'tell'],
  ['tellUserId', 'colleague']
] as const;

/** `First response`, or one of its other fields: `First response, counted in`. */
export const promiseName = (target: TargetName, what?: 'counted in'): string =>
  what ? `${TARGET_LABELS[target]}, ${what}` : TARGET_LABELS[target];

/** `Resolution, step 2, when`; places count from 0. */
export const stepName = (target: TargetName, place: number, what: (typeof STEP_FIELDS)[number][1]): string =>
  `${TARGET_LABELS[target]}, step ${place + 1}, ${what}`;

/** What stands beside the number in its promise. */
export const amountLabel = (target: TargetName): string =>
  unitsOf(target)[0] === 'on_date' ? 'Days of grace' : 'Within';

/** The ladder of a new policy's main promise. */
export function firstSteps(kind: SubjectKind): StepRow[] {
  const target = (
    { query: 'resolution', request: 'resolution', lead: 'first_call', client: 'contact' } as const
  )[kind];
  const told = { target, does: ['notify' as const, 'mail' as const] };
  return [
    { ...told, when: 'percent', amount: WARN_PERCENT, tell: 'assignee' },
    { ...told, when: 'percent', amount: 100, tell: 'head' },
    { ...told, when: 'after_hours', amount: 4, tell: 'administrators' }
  ];
}
