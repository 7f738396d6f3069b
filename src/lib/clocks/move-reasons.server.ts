import type { Tx } from '#lib/platform/db/transactions.server.ts';
import type { MovedBy, MoveReason, SubjectKind } from './model.ts';
import { readChanges, readPolicyChanges, type Change, type Handing } from './move-changes.server.ts';
import type { Moved } from './moves.server.ts';
import type { LoadedPolicy, PolicyCriteria } from './policies.server.ts';

const CRITERIA: Partial<Record<MovedBy, keyof PolicyCriteria>> = {
  priority: 'priority',
  type: 'requestTypeId',
  team: 'teamId',
  tier: 'clientTier',
  tags: 'clientTag'
};

/**
 * Why clocks went over to another policy, by their ids: what was changed on the record or its client since they began
 * or last moved, as far as one of the two policies looks at it; else what was done to the policies. `policies` are
 * those in use.
 */
export async function reasonsFor(
  tx: Tx,
  kind: SubjectKind,
  moved: Moved[],
  policies: LoadedPolicy[],
  handing?: Handing
): Promise<Map<number, MoveReason[]>> {
  if (moved.length === 0) return new Map();
  const ids = moved.map(({ after }) => after.id);
  const changes = Map.groupBy(await readChanges(tx, kind, ids, handing), ({ clockId }) => clockId);
  const criteria = new Map(policies.map((policy) => [policy.policyId, policy]));
  const facts = new Map(
    moved.map(({ before, after }) => {
      const looks = [criteria.get(before.policyId), criteria.get(after.policyId)] as const;
      return [after.id, folded(changes.get(after.id) ?? []).filter((change) => isBehind(change, looks))];
    })
  );
  const others = moved.filter(({ after }) => facts.get(after.id)?.length === 0);
  const done = await readPolicyChanges(
    tx,
    others.map(({ before, after }) => ({ id: after.id, policyIds: [before.policyId, after.policyId] }))
  );
  const all = [...[...facts.values()].flat(), ...done];
  return new Map(
    [...Map.groupBy(all, ({ clockId }) => clockId)].map(([id, why]) => [id, why.map(reasonOf)] as const)
  );
}

const reasonOf = ({ what, from, to, by, at }: Change): MoveReason => ({ what, from, to, by, at });

/** What was changed several times, as one change from the first value to the last. */
function folded(changes: Change[]): Change[] {
  const alike = Map.groupBy(changes, ({ what, fromKey, toKey }) =>
    what === 'tags' ? `tag ${toKey ?? fromKey}` : what
  );
  return [...alike.values()].flatMap((each) => {
    const [first, last] = [each[0], each.at(-1)];
    if (!first || !last || first.fromKey === last.toKey) return [];
    return [{ ...last, from: first.from, fromKey: first.fromKey }];
  });
}

/** It fitted the policy before and no longer does, or it fits the one that holds now and did not before. */
function isBehind(
  { what, fromKey, toKey }: Change,
  [before, after]: readonly [PolicyCriteria?, PolicyCriteria?]
): boolean {
  const criterion = CRITERIA[what];
  const wanted = (policy: PolicyCriteria | undefined) => {
    const value = criterion && policy?.[criterion];
    return value === null || value === undefined ? null : String(value);
  };
  const [was, is] = [wanted(before), wanted(after)];
  return (
    (was !== null && fromKey === was && toKey !== was) || (is !== null && toKey === is && fromKey !== is)
  );
}
