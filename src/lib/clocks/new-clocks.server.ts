import { sql } from 'drizzle-orm';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import type { Subject, TargetName } from './model.ts';
import type { Segment } from './plan.ts';
import { columnsOf, json, stepRows } from './plan-rows.server.ts';
import { stepsFor, termsOf, type PolicyTarget, type PolicyTerms } from './policies.server.ts';
import { storedPlan, type StoredPlan } from './stored-plan.ts';

/** Promises that are made once; the others are made again when the work comes back. */
const MADE_ONCE: readonly TargetName[] = ['first_response'];

/** A clock that is planned and not written yet, see `planNew`. */
export interface NewClock {
  subject: Subject;
  policy: PolicyTerms;
  target: TargetName;
  /** Said in the explanation, such as `Opened`. */
  cause: string;
  startedAt: Date;
  takenUpAt: Date | null;
  onDate: string | null;
  plan: StoredPlan;
}

interface Beginning {
  startedAt: Date;
  /** See `startOf`. */
  takenUpAt?: Date | null;
  cause: string;
  /** The date of a target of the unit `on_date`, `YYYY-MM-DD`. */
  onDate?: string | null;
  /** The database's clock. */
  now: Date;
}

/** Plans a clock of the policy's target for a subject. Pure: writes nothing. */
export function planNew(
  policy: PolicyTerms,
  target: PolicyTarget,
  subject: Subject,
  { startedAt, takenUpAt = null, cause, onDate = null, now }: Beginning
): NewClock {
  const segments: Segment[] = [{ kind: 'ours', from: startedAt, to: null }];
  const terms = termsOf(policy, target, { startedAt, takenUpAt, onDate });
  const steps = stepsFor(policy, target.target);
  const past = { policyId: policy.policyId, carried: [], turns: {}, breachedAt: null, heldUntil: null };
  const plan = storedPlan({ terms, segments, steps, ...past }, now);
  return { subject, policy, target: target.target, cause, startedAt, takenUpAt, onDate, plan };
}

/**
 * Writes planned clocks of any number of subjects in two statements; the round follows the last one's. Left out are
 * those whose target runs already, and promises made once (first response) that were made before.
 * Returns the ids of what was added. Waking the sweep is the caller's, see `wakeAt`.
 */
export async function insertClocks(tx: Tx, planned: NewClock[]): Promise<number[]> {
  if (planned.length === 0) return [];
  const added = await tx.execute<{ id: number; n: number }>(sql`
    with wanted as (
      select * from jsonb_to_recordset(${json(planned.map(rowOf))}::text::jsonb) as w(
        n int, subject_kind text, subject_id bigint, client_id bigint, target text, once boolean,
        policy_version_id bigint, calendar_id bigint, started_at timestamptz, taken_up_at timestamptz, on_date date, state text,
        due_at timestamptz, warn_at timestamptz, next_action_at timestamptz, ran text)),
    before as (
      select w.n, count(k.id)::int as rounds from wanted w
      left join clocks k on k.subject_kind = w.subject_kind and k.subject_id = w.subject_id and k.target = w.target
      group by w.n),
    added as (
      insert into clocks (subject_kind, subject_id, client_id, target, round, policy_version_id, calendar_id,
        started_at, taken_up_at, on_date, state, due_at, warn_at, next_action_at, ran)
      select w.subject_kind, w.subject_id, w.client_id, w.target, b.rounds + 1, w.policy_version_id, w.calendar_id,
        w.started_at, w.taken_up_at, w.on_date, w.state, w.due_at, w.warn_at, w.next_action_at, w.ran::tstzmultirange
      from wanted w join before b on b.n = w.n
      where not (w.once and b.rounds > 0)
      order by w.n
      on conflict do nothing
      returning id, subject_kind, subject_id, target)
    select a.id, w.n from added a join wanted w using (subject_kind, subject_id, target)`);
  await insertParts(
    tx,
    [...added].flatMap(({ id, n }) => {
      const clock = planned[Number(n)];
      return clock ? [{ ...clock, id: Number(id) }] : [];
    })
  );
  return [...added].map(({ id }) => Number(id));
}

function rowOf({ subject, policy, target, plan, startedAt, takenUpAt, onDate }: NewClock, n: number) {
  return {
    n,
    subject_kind: subject.kind,
    subject_id: subject.id,
    client_id: subject.clientId,
    target,
    once: MADE_ONCE.includes(target),
    policy_version_id: policy.policyVersionId,
    calendar_id: policy.calendarId,
    started_at: startedAt,
    taken_up_at: takenUpAt,
    on_date: onDate,
    ...columnsOf(plan)
  };
}

/** A statement of its own: row level security must see the clocks already. */
async function insertParts(tx: Tx, added: (NewClock & { id: number })[]): Promise<void> {
  const segments = added.map(({ id, cause, startedAt }) => ({ clock_id: id, cause, from_at: startedAt }));
  await tx.execute(sql`
    with begun as (
      insert into clock_segments (clock_id, kind, cause, user_id, from_at)
      select clock_id, 'ours', cause, app.user_id(), from_at
      from jsonb_to_recordset(${json(segments)}::text::jsonb) as w(
        clock_id bigint, cause text, from_at timestamptz))
    insert into clock_steps (clock_id, step_key, position, kind, tell, tell_user_id, does, turn, action_at)
    select clock_id, step_key, position, kind, tell, tell_user_id, does, turn, action_at from ${stepRows(added)}`);
}
