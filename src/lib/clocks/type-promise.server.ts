import { and, desc, eq, sql } from 'drizzle-orm';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { addTypePolicy, typePolicyName, type PromisedType } from './defaults.server.ts';
import type { TargetUnit, TypePromise } from './model.ts';
import { policies, policySteps, policyTargets, policyVersions } from './policy-schema.server.ts';

const keyOf = (type: { key: string }) => `request.${type.key}`;

interface Latest {
  policyId: number;
  name: string;
  versionId: number;
  version: number;
  calendarId: number;
  amount: number | null;
  unit: TargetUnit | null;
}

/** The policy that follows the type's turnaround, as it stands; undefined where somebody removed it. */
async function ownPolicy(tx: Tx, type: { key: string }): Promise<Latest | undefined> {
  const [latest] = await tx
    .select({
      policyId: policies.id,
      name: policies.name,
      versionId: policyVersions.id,
      version: policyVersions.version,
      calendarId: policyVersions.calendarId,
      amount: policyTargets.amount,
      unit: policyTargets.unit
    })
    .from(policies)
    .innerJoin(policyVersions, eq(policyVersions.policyId, policies.id))
    .leftJoin(
      policyTargets,
      and(eq(policyTargets.policyVersionId, policyVersions.id), eq(policyTargets.target, 'resolution'))
    )
    .where(eq(policies.key, keyOf(type)))
    .orderBy(desc(policyVersions.version))
    .limit(1);
  return latest;
}

/** A new type of request gets a policy of its own turnaround, before the one for all other requests. */
export const promiseType = (tx: Tx, type: PromisedType): Promise<void> => addTypePolicy(tx, type);

/**
 * The type's turnaround or name changed: its policy follows with a new version, for requests that are opened from
 * now on; running clocks keep the version they started with. A policy that somebody made to promise something
 * else than the type did is left alone.
 */
export async function repromiseType(tx: Tx, before: PromisedType, after: PromisedType): Promise<void> {
  const own = await ownPolicy(tx, after);
  if (!own) return;
  const follows = own.amount === before.defaultTatDays && own.unit === 'working_days';
  if (!follows) return;
  if (own.name === typePolicyName(before)) {
    await tx
      .update(policies)
      .set({ name: typePolicyName(after), version: sql`${policies.version} + 1` })
      .where(eq(policies.id, own.policyId));
  }
  if (after.defaultTatDays !== before.defaultTatDays) await addVersion(tx, own, after.defaultTatDays);
}

/** The same rules, targets and ladder with another number of working days to resolve in. */
async function addVersion(tx: Tx, own: Latest, days: number): Promise<void> {
  const { policyId, calendarId, version, versionId } = own;
  const { pausesClient, pausesThirdParty, workingHoursOnly } = policyVersions;
  const [rules] = await tx
    .select({ pausesClient, pausesThirdParty, workingHoursOnly })
    .from(policyVersions)
    .where(eq(policyVersions.id, versionId));
  const [added] = await tx
    .insert(policyVersions)
    .values({ ...rules, policyId, calendarId, version: version + 1 })
    .returning({ id: policyVersions.id });
  if (!added) throw new Error('The version was not added');
  const on = { policyVersionId: added.id };
  const targets = await tx.select().from(policyTargets).where(eq(policyTargets.policyVersionId, versionId));
  const steps = await tx.select().from(policySteps).where(eq(policySteps.policyVersionId, versionId));
  const amountOf = (row: (typeof targets)[number]) => (row.target === 'resolution' ? days : row.amount);
  await tx.insert(policyTargets).values(targets.map((row) => ({ ...row, ...on, amount: amountOf(row) })));
  if (steps.length > 0) await tx.insert(policySteps).values(steps.map((row) => ({ ...row, ...on })));
}

/** A type that no request ever had goes with the policies made for it, on which no clock ever ran. */
export async function forgetTypePolicies(tx: Tx, requestTypeId: number): Promise<void> {
  const mine = eq(policies.requestTypeId, requestTypeId);
  const ids = tx.select({ id: policies.id }).from(policies).where(mine);
  await tx.delete(policyVersions).where(sql`${policyVersions.policyId} in ${ids}`);
  await tx.delete(policies).where(mine);
}

/** What a request of this type that is opened now is promised, as the first matching policy says; null without one. */
export async function promiseOf(tx: Tx, type: { id: number; key: string }): Promise<TypePromise | null> {
  const [row] = await tx.execute<{ policy: string; amount: number; unit: TargetUnit; key: string }>(sql`
    select p.name as policy, p.key, t.amount, t.unit from policies p
    cross join lateral (select id from policy_versions where policy_id = p.id order by version desc limit 1) v
    join policy_targets t on t.policy_version_id = v.id and t.target = 'resolution'
    where p.active and p.subject_kind = 'request' and p.client_tier is null
      and (p.request_type_id is null or p.request_type_id = ${type.id})
      and (p.priority is null or p.priority = 'normal')
    order by p.position, p.id limit 1`);
  return row
    ? { policy: row.policy, amount: row.amount, unit: row.unit, ofType: row.key === keyOf(type) }
    : null;
}
