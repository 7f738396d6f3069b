import { sql } from 'drizzle-orm';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import type { Subject, TargetName } from './model.ts';
import type { OpenClock } from './open-clocks.server.ts';
import { clockUse, type Segment } from './plan.ts';
import { stepsFor, termsOf, type PolicyTarget, type PolicyTerms } from './policies.server.ts';
import { latest, ranText, storedPlan, type StoredPlan } from './stored-plan.ts';

/** Promises that are made once; the others are made again when the work comes back. */
const MADE_ONCE: readonly TargetName[] = ['first_response', 'first_call'];

/** A clock that is planned and not written yet, see `planNew`. */
export interface NewClock {
  subject: Subject;
  policy: PolicyTerms;
  target: TargetName;
  /** Said in the explanation, such as `Opened`. */
  cause: string;
  startedAt: Date;
  onDate: string | null;
  plan: StoredPlan;
}

interface Beginning {
  startedAt: Date;
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
  { startedAt, cause, onDate = null, now }: Beginning
): NewClock {
  const segments: Segment[] = [{ kind: 'ours', from: startedAt, to: null }];
  const terms = termsOf(policy, target, { startedAt, onDate });
  const steps = stepsFor(policy, target.target);
  const plan = storedPlan({ terms, segments, steps, carried: [], breachedAt: null, heldUntil: null }, now);
  return { subject, policy, target: target.target, cause, startedAt, onDate, plan };
}

/**
 * Writes planned clocks of any number of subjects in two statements; the round follows the last one's. Left out are
 * those whose target runs already, and promises made once (first response, first call) that were made before.
 * Returns the ids of what was added. Waking the sweep is the caller's, see `wakeAt`.
 */
export async function insertClocks(tx: Tx, planned: NewClock[]): Promise<number[]> {
  if (planned.length === 0) return [];
  const added = await tx.execute<{ id: number; n: number }>(sql`
    with wanted as (
      select * from jsonb_to_recordset(${json(planned.map(rowOf))}::text::jsonb) as w(
        n int, subject_kind text, subject_id bigint, client_id bigint, target text, once boolean,
        policy_version_id bigint, calendar_id bigint, started_at timestamptz, on_date date, state text,
        due_at timestamptz, warn_at timestamptz, next_action_at timestamptz, ran text)),
    before as (
      select w.n, count(k.id)::int as rounds from wanted w
      left join clocks k on k.subject_kind = w.subject_kind and k.subject_id = w.subject_id and k.target = w.target
      group by w.n),
    added as (
      insert into clocks (subject_kind, subject_id, client_id, target, round, policy_version_id, calendar_id,
        started_at, on_date, state, due_at, warn_at, next_action_at, ran)
      select w.subject_kind, w.subject_id, w.client_id, w.target, b.rounds + 1, w.policy_version_id, w.calendar_id,
        w.started_at, w.on_date, w.state, w.due_at, w.warn_at, w.next_action_at, w.ran::tstzmultirange
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

const json = JSON.stringify;

function rowOf({ subject, policy, target, plan, startedAt, onDate }: NewClock, n: number) {
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
    on_date: onDate,
    ...columnsOf(plan)
  };
}

const columnsOf = ({ state, dueAt, warnAt, nextActionAt, ran }: StoredPlan) => ({
  state,
  due_at: dueAt,
  warn_at: warnAt,
  next_action_at: nextActionAt,
  ran
});

/** A statement of its own: row level security must see the clocks already. */
async function insertParts(tx: Tx, added: (NewClock & { id: number })[]): Promise<void> {
  const segments = added.map(({ id, cause, startedAt }) => ({ clock_id: id, cause, from_at: startedAt }));
  await tx.execute(sql`
    with begun as (
      insert into clock_segments (clock_id, kind, cause, user_id, from_at)
      select clock_id, 'ours', cause, app.user_id(), from_at
      from jsonb_to_recordset(${json(segments)}::text::jsonb) as w(
        clock_id bigint, cause text, from_at timestamptz))
    insert into clock_steps (clock_id, step_key, position, kind, tell, tell_user_id, does, action_at)
    select clock_id, step_key, position, kind, tell, tell_user_id, does, action_at from ${stepRows(added)}`);
}

const stepRows = (clocks: { id: number; plan: StoredPlan }[]) => sql`jsonb_to_recordset(
    ${json(clocks.flatMap(({ id, plan }) => stepsOf(id, plan)))}::text::jsonb) as w(
  clock_id bigint, step_key text, position int, kind text, tell text, tell_user_id bigint, does text[],
  action_at timestamptz)`;

const stepsOf = (id: number, { steps }: StoredPlan) =>
  steps.map(({ key, position, kind, tell, tellUserId, does, actionAt }) => ({
    clock_id: id,
    step_key: key,
    position,
    kind,
    tell,
    tell_user_id: tellUserId,
    does,
    action_at: actionAt
  }));

/**
 * Writes what open clocks (locked by the caller) say now, in two statements for any number: terms, due, warning and
 * next action, when they ran, and their steps; a step that the ladder no longer has goes, one that was carried out
 * stays carried out. Give it clocks as they were read, or as `underPolicy` returns them. Returns what it planned.
 */
export async function replan(tx: Tx, clocks: OpenClock[]): Promise<StoredPlan[]> {
  if (clocks.length === 0) return [];
  const planned = clocks.map((clock) => ({ ...clock, plan: storedPlan(clock, clock.now) }));
  const rows = planned.map(({ id, policyVersionId, calendarId, heldUntil, terms, plan }) => ({
    id,
    policy_version_id: policyVersionId,
    calendar_id: calendarId,
    held_until: heldUntil,
    on_date: terms.onDate,
    breached_at: plan.breachedAt,
    ...columnsOf(plan)
  }));
  await tx.execute(sql`
    update clocks k set policy_version_id = w.policy_version_id, calendar_id = w.calendar_id,
      held_until = w.held_until, on_date = w.on_date, breached_at = w.breached_at, state = w.state,
      due_at = w.due_at, warn_at = w.warn_at, next_action_at = w.next_action_at, ran = w.ran::tstzmultirange,
      updated_at = now()
    from jsonb_to_recordset(${json(rows)}::text::jsonb) as w(
      id bigint, policy_version_id bigint, calendar_id bigint, held_until timestamptz, on_date date,
      breached_at timestamptz, state text, due_at timestamptz, warn_at timestamptz, next_action_at timestamptz,
      ran text)
    where k.id = w.id`);
  await writeSteps(tx, planned);
  return planned.map(({ plan }) => plan);
}

async function writeSteps(tx: Tx, clocks: { id: number; plan: StoredPlan }[]): Promise<void> {
  const ids = json(clocks.map(({ id }) => id));
  await tx.execute(sql`
    with wanted as (select * from ${stepRows(clocks)}),
    gone as (
      delete from clock_steps s using jsonb_array_elements_text(${ids}::text::jsonb) of_clock
      where s.clock_id = of_clock.value::bigint
        and (s.clock_id, s.step_key) not in (select clock_id, step_key from wanted))
    insert into clock_steps (clock_id, step_key, position, kind, tell, tell_user_id, does, action_at)
    select clock_id, step_key, position, kind, tell, tell_user_id, does, action_at from wanted
    on conflict (clock_id, step_key) do update set position = excluded.position, kind = excluded.kind,
      tell = excluded.tell, tell_user_id = excluded.tell_user_id, does = excluded.does,
      action_at = excluded.action_at`);
}

/**
 * Ends open clocks (locked by the caller) and keeps what they used, in one statement. What was kept is said by `at`
 * (the database's now when left out), not by when the sweep comes by: later than due is breached, earlier is not.
 */
export async function endClocks(
  tx: Tx,
  clocks: OpenClock[],
  state: 'satisfied' | 'cancelled',
  at?: Date
): Promise<void> {
  if (clocks.length === 0) return;
  const rows = json(
    clocks.map((clock) => endOf(clock, latest(at ?? clock.now, clock.segments.at(-1)?.from)))
  );
  await tx.execute(sql`
    with ended as (
      select * from jsonb_to_recordset(${rows}::text::jsonb) as w(
        id bigint, ended_at timestamptz, due_at timestamptz, breached_at timestamptz, ran text, target int,
        used int, over int, ours int, third_party int, client int)),
    closed as (
      update clock_segments g set to_at = w.ended_at from ended w where g.clock_id = w.id and g.to_at is null)
    update clocks k set state = ${state}, ended_at = w.ended_at, due_at = w.due_at, next_action_at = null,
      breached_at = w.breached_at, ran = w.ran::tstzmultirange, minutes_target = w.target, minutes_used = w.used,
      minutes_over = w.over, minutes_ours = w.ours, minutes_third_party = w.third_party,
      minutes_client = w.client, held_until = null, updated_at = now()
    from ended w where k.id = w.id`);
}

function endOf(clock: OpenClock, endedAt: Date) {
  const { terms, segments: open } = clock;
  const last = open.at(-1);
  const segments = last ? [...open.slice(0, -1), { ...last, to: last.to ?? endedAt }] : [];
  const { used, total, ours, thirdParty, client } = clockUse(terms, segments, endedAt);
  const { dueAt } = storedPlan(clock, endedAt);
  const late = dueAt !== null && dueAt < endedAt;
  return {
    id: clock.id,
    ended_at: endedAt,
    due_at: dueAt,
    breached_at: late ? (clock.breachedAt ?? dueAt) : null,
    ran: ranText(terms, segments),
    target: Math.round(total),
    used: Math.round(used),
    over: Math.round(Math.max(0, used - total)),
    ours: Math.round(ours),
    third_party: Math.round(thirdParty),
    client: Math.round(client)
  };
}
