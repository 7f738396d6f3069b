import type { SubjectKind, TargetName } from '#lib/clocks/model.ts';
import type { PolicyCriteria } from '#lib/clocks/policies.server.ts';
import type { EnteredUnit } from './policy-inputs.ts';

export type Criterion = keyof PolicyCriteria;

const OF_CLIENT: readonly Criterion[] = ['clientTier', 'clientTag', 'teamId'];

/** What a policy may look at, by the kind of record it is for. */
export const CRITERIA_OF: Record<SubjectKind, readonly Criterion[]> = {
  query: ['priority', ...OF_CLIENT],
  request: ['requestTypeId', 'priority', ...OF_CLIENT],
  lead: OF_CLIENT,
  client: OF_CLIENT
};

/** Promises for a date that the record names. */
const ON_DATE: readonly TargetName[] = ['follow_up', 'review'];

/** In which measures a target may be given. */
export const unitsOf = (target: TargetName): readonly EnteredUnit[] =>
  ON_DATE.includes(target)
    ? ['on_date']
    : ['working_hours', 'working_minutes', 'working_days', 'calendar_days'];

type Criteria = { [Key in Criterion]?: PolicyCriteria[Key] | undefined };
const ALL: readonly Criterion[] = ['requestTypeId', 'priority', ...OF_CLIENT];

/** The first takes everything that the second would match. */
export const covers = (first: Criteria, second: Criteria): boolean =>
  ALL.every((one) => (first[one] ?? null) === null || first[one] === second[one]);

/** For each policy that can never match: the earlier one that takes everything. In their order; those not in use aside. */
export function hiddenBehind<
  Policy extends Criteria & { id: number; active: boolean; subjectKind: SubjectKind }
>(policies: readonly Policy[]): Map<number, Policy> {
  const hidden = new Map<number, Policy>();
  const used = policies.filter(({ active }) => active);
  for (const [place, policy] of used.entries()) {
    const before = used
      .slice(0, place)
      .find((other) => other.subjectKind === policy.subjectKind && covers(other, policy));
    if (before) hidden.set(policy.id, before);
  }
  return hidden;
}
