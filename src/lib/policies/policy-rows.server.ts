import { eq, sql } from 'drizzle-orm';
import type { StepAction, SubjectKind, TargetName, TargetUnit, Tell } from '#lib/clocks/model.ts';
import { policies, policySteps, policyTargets, policyVersions } from '#lib/clocks/policy-schema.server.ts';
import { jsonRows } from '#lib/clocks/rows.server.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { Conflict, NotFound } from '#lib/platform/errors.ts';
import type { PolicyTermsInput, StepRow, TargetRow } from './policy-inputs.ts';
import { lastChangedBy } from './last-changed.server.ts';
import { inOrder, keyFor, kindOf, timingOf, type Planned, type Promised } from './policy-rules.ts';

/** A version of a policy as its form has it. */
export interface PolicyVersion {
  version: number;
  calendarId: number;
  calendar: string;
  pausesClient: boolean;
  pausesThirdParty: boolean;
  workingHoursOnly: boolean;
  targets: TargetRow[];
  steps: (StepRow & { tellUserName: string | null })[];
  by: string | null;
  at: Date;
}

interface StoredStep {
  target: TargetName;
  key: string;
  atPercent: number | null;
  afterBreachMinutes: number | null;
  daysBefore: number | null;
  tell: Tell;
  tellUserId: number | null;
  tellUserName: string | null;
  does: StepAction[];
}

export interface PolicyRow {
  id: number;
  version: number;
  name: string;
  active: boolean;
  subjectKind: SubjectKind;
  requestTypeId: number | null;
  priority: string | null;
  clientTier: string | null;
  clientTag: string | null;
  teamId: number | null;
}

type VersionRow = Omit<PolicyVersion, 'steps' | 'at'> & {
  at: string;
  targets: { target: TargetName; amount: number; unit: TargetUnit }[];
  steps: StoredStep[];
};

/** A version `v` with its calendar, targets and ladder, in one object. */
export const versionJson = sql`json_build_object('version', v.version, 'calendarId', v.calendar_id,
    'calendar', (select c.name from calendars c where c.id = v.calendar_id),
    'pausesClient', v.pauses_client, 'pausesThirdParty', v.pauses_third_party,
    'workingHoursOnly', v.working_hours_only, 'at', v.created_at,
    'by', (select u.name from users u where u.id = v.created_by_id),
    'targets', (select coalesce(json_agg(json_build_object('target', t.target, 'amount', t.amount, 'unit', t.unit) order by t.target), '[]'::json)
      from policy_targets t where t.policy_version_id = v.id),
    'steps', (select coalesce(json_agg(json_build_object('target', s.target, 'key', s.key, 'atPercent', s.at_percent,
        'afterBreachMinutes', s.after_breach_minutes, 'daysBefore', s.days_before, 'tell', s.tell,
        'tellUserId', s.tell_user_id, 'tellUserName', u.name, 'does', s.does) order by s.position), '[]'::json)
      from policy_steps s left join users u on u.id = s.tell_user_id where s.policy_version_id = v.id))`;

export const toVersion = ({ steps, at, ...row }: VersionRow): PolicyVersion => ({
  ...row,
  at: new Date(at),
  steps: steps.map(toStepRow)
});

const HOUR = 60;
const USUAL_WARN_PERCENT = 75;

function toStepRow({ atPercent, afterBreachMinutes, daysBefore, ...step }: StoredStep) {
  if (atPercent !== null) return { ...step, when: 'percent' as const, amount: atPercent };
  if (daysBefore !== null) return { ...step, when: 'days_before' as const, amount: daysBefore };
  const minutes = afterBreachMinutes ?? 0;
  return minutes % HOUR === 0 && minutes > 0
    ? { ...step, when: 'after_hours' as const, amount: minutes / HOUR }
    : { ...step, when: 'after_minutes' as const, amount: minutes };
}

/** All versions of a policy, newest first; the first is the one that holds. */
export async function versionsOf(tx: Tx, policyId: number): Promise<PolicyVersion[]> {
  const rows = await jsonRows<VersionRow>(
    tx,
    sql`select ${versionJson} as row from policy_versions v where v.policy_id = ${policyId} order by v.version desc`
  );
  return rows.map(toVersion);
}

/** The policy, locked until the end of the transaction. Conflict where another version is current. */
export async function lockPolicy(tx: Tx, id: number, version: number): Promise<PolicyRow> {
  const [row] = await tx.select().from(policies).where(eq(policies.id, id)).for('update');
  if (!row) throw new NotFound();
  if (row.version === version) return row;
  const [latest] = await versionsOf(tx, id);
  throw new Conflict(undefined, {
    current: { ...row, ...latest, version: row.version, savedBy: await lastChangedBy(tx, AUDITED, id) }
  });
}

/** A new ladder alone changes nothing of the policy's own row. */
const AUDITED = ['policies', 'policy_versions'];

type Terms = Omit<PolicyTermsInput, 'targets' | 'steps'> & { targets: Promised[]; steps: Planned[] };

/** Writes the next version of a policy; steps that are there already keep their keys. Returns its number. */
export async function addVersion(tx: Tx, policyId: number, terms: Terms): Promise<number> {
  const { calendarId, pausesClient, pausesThirdParty, workingHoursOnly } = terms;
  const next = sql<number>`(select coalesce(max(version), 0) + 1 from policy_versions where policy_id = ${policyId})`;
  const [added] = await tx
    .insert(policyVersions)
    .values({
      ...{ policyId, calendarId, pausesClient, pausesThirdParty, workingHoursOnly, version: next },
      createdById: sql<number | null>`app.user_id()`
    })
    .returning({ id: policyVersions.id, version: policyVersions.version });
  if (!added) throw new Error('The version was not added');
  const on = { policyVersionId: added.id };
  await tx.insert(policyTargets).values(
    terms.targets.map(({ target, amount, unit }) => ({
      ...on,
      target,
      amount,
      unit,
      warnPercent: warnPercentOf(target, terms.steps)
    }))
  );
  const used = await keysOf(tx, policyId);
  await tx
    .insert(policySteps)
    .values(keyed(terms.steps, used).map((step, n) => ({ ...on, ...step, position: n + 1 })));
  return added.version;
}

/** What the bar of a clock marks: where its ladder first warns. */
function warnPercentOf(target: TargetName, steps: Planned[]): number {
  const warned = steps.filter(
    (step) => step.target === target && step.when === 'percent' && step.amount < 100
  );
  return Math.min(...(warned.length > 0 ? warned.map(({ amount }) => amount) : [USUAL_WARN_PERCENT]));
}

/** Every key that a version of the policy ever had, with its target: none gets another meaning. */
async function keysOf(tx: Tx, policyId: number): Promise<Set<string>> {
  const rows = await tx.execute<{ key: string }>(sql`
    select distinct s.target || ' ' || s.key as key from policy_steps s
    join policy_versions v on v.id = s.policy_version_id where v.policy_id = ${policyId}`);
  return new Set([...rows].map(({ key }) => key));
}

function keyed(steps: Planned[], used: Set<string>) {
  const taken = new Set(used);
  const kept = new Set<string>();
  return inOrder(steps).map((step) => {
    const { target, tell, does } = step;
    const known = step.key && used.has(`${target} ${step.key}`) && !kept.has(`${target} ${step.key}`);
    const key = known ? (step.key ?? '') : keyFor(kindOf(step), target, taken);
    kept.add(`${target} ${key}`);
    const tellUserId = tell === 'user' ? (step.tellUserId ?? null) : null;
    return { target, key, kind: kindOf(step), ...timingOf(step), tell, tellUserId, does };
  });
}
