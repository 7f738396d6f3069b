import { sql } from 'drizzle-orm';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import type { OpenClock } from './open-clocks.server.ts';
import { clockUse } from './plan.ts';
import { columnsOf, json, stepRows } from './plan-rows.server.ts';
import { latest, ranText, storedPlan, type StoredPlan } from './stored-plan.ts';

/**
 * Writes what open clocks (locked by the caller) say now, in two statements for any number: terms, due, warning and
 * next action, when they ran, and their steps; a step that the ladder no longer has goes, one that was carried out
 * stays carried out unless its time moved ahead, see `stepsInTurn`. Give it clocks as they were read, or as
 * `underPolicy` returns them. Returns what it planned.
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
    insert into clock_steps (clock_id, step_key, position, kind, tell, tell_user_id, does, turn, action_at)
    select clock_id, step_key, position, kind, tell, tell_user_id, does, turn, action_at from wanted
    on conflict (clock_id, step_key) do update set position = excluded.position, kind = excluded.kind,
      tell = excluded.tell, tell_user_id = excluded.tell_user_id, does = excluded.does, turn = excluded.turn,
      action_at = excluded.action_at`);
}

/** When a clock ended, and the message that kept it, where one did. */
export interface Ending {
  at: Date;
  /** Of the message. */
  id?: number;
}

/**
 * Ends open clocks (locked by the caller) and keeps what they used, in one statement; `lapsed` ones are cancelled until
 * a policy that fits promises the same again. What was kept is said by `how`
 * (the database's now when left out), not by when the sweep comes by: later than due is breached, earlier is not.
 */
export async function endClocks(
  tx: Tx,
  clocks: OpenClock[],
  state: 'satisfied' | 'cancelled' | 'lapsed',
  how?: Date | ((clock: OpenClock) => Ending)
): Promise<void> {
  if (clocks.length === 0) return;
  const endOfClock = (clock: OpenClock) => {
    const { at, id } = typeof how === 'function' ? how(clock) : { at: how ?? clock.now };
    return { ...endOf(clock, latest(at, clock.segments.at(-1)?.from)), answered_by: id };
  };
  const rows = json(clocks.map(endOfClock));
  await tx.execute(sql`
    with ended as (
      select * from jsonb_to_recordset(${rows}::text::jsonb) as w(
        id bigint, ended_at timestamptz, due_at timestamptz, breached_at timestamptz, ran text, target int,
        used int, over int, ours int, third_party int, client int, answered_by bigint, calendar_version int)),
    closed as (
      update clock_segments g set to_at = w.ended_at from ended w where g.clock_id = w.id and g.to_at is null)
    update clocks k set state = ${state === 'lapsed' ? 'cancelled' : state}, lapsed = ${state === 'lapsed'},
      calendar_version = w.calendar_version, ended_at = w.ended_at, due_at = w.due_at, next_action_at = null,
      breached_at = w.breached_at, ran = w.ran::tstzmultirange, minutes_target = w.target, minutes_used = w.used,
      minutes_over = w.over, minutes_ours = w.ours, minutes_third_party = w.third_party,
      minutes_client = w.client, answered_by_id = w.answered_by, held_until = null, updated_at = now()
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
    client: Math.round(client),
    calendar_version: clock.calendarVersion
  };
}
