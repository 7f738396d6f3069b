import type { Sql } from 'postgres';
import { clocksDue } from '#lib/clocks/jobs.server.ts';
import { asSystem } from '#lib/platform/db/transactions.server.ts';
import { enqueue } from '#lib/platform/jobs/outbox.server.ts';
import { until } from '../../support/until.ts';

const CLICK_SECONDS = 5;
const SWEPT_MS = 60_000;

/**
 * Makes the stretch that a request is in last so many minutes by now, less the seconds that the click takes which ends
 * it: everything that its clocks know happened that much earlier. Nothing else is touched, so what is worked out from
 * it is worked out by the application. The seconds are rounded away where there are less than thirty too many or too few
 * in all, so that the click is the only thing that is left to do.
 */
export async function letStretchLast(sql: Sql, requestId: number, minutes: number): Promise<void> {
  await sql.begin(async (tx) => {
    const [row] = await tx<{ earlier: string }[]>`
      select (make_interval(mins => ${minutes}, secs => ${-CLICK_SECONDS}) - (now() - g.from_at))::text as earlier
      from clocks k join clock_segments g on g.clock_id = k.id and g.to_at is null
      where k.subject_kind = 'request' and k.subject_id = ${requestId} and k.target = 'resolution'`;
    if (!row) throw new Error('No clock runs on the request');
    const { earlier } = row;
    const mine = tx`(select id from clocks where subject_kind = 'request' and subject_id = ${requestId})`;
    await tx`update clock_segments set from_at = from_at - ${earlier}::interval, to_at = to_at - ${earlier}::interval
      where clock_id in ${mine}`;
    await tx`update clock_steps set action_at = action_at - ${earlier}::interval where clock_id in ${mine}`;
    await tx`update escalations set action_at = action_at - ${earlier}::interval where clock_id in ${mine}`;
    await tx`update clocks set started_at = started_at - ${earlier}::interval, due_at = due_at - ${earlier}::interval,
      warn_at = warn_at - ${earlier}::interval, next_action_at = next_action_at - ${earlier}::interval,
      breached_at = breached_at - ${earlier}::interval, held_until = held_until - ${earlier}::interval
      where id in ${mine}`;
    await tx`update clock_holds set until = until - ${earlier}::interval, created_at = created_at - ${earlier}::interval
      where clock_id in ${mine}`;
  });
}

/** Has the worker carry out what is due, and returns when it has told everybody. */
export async function sweep(sql: Sql): Promise<void> {
  await asSystem((tx) => enqueue(tx, clocksDue, {}));
  const waiting = () => sql`select 1 from job_outbox
    where job = ${clocksDue.name} and finished_at is null and run_at <= now()`;
  await until(async () => (await waiting()).length === 0, SWEPT_MS);
}

/** Who was told of each step of the ladder of a request, in the order of the steps. */
export async function tellings(sql: Sql, requestId: number): Promise<[kind: string, name: string][]> {
  const rows = await sql<{ kind: string; name: string }[]>`
    select e.kind, u.name from escalations e
    join clocks k on k.id = e.clock_id and k.subject_kind = 'request' and k.subject_id = ${requestId}
    cross join lateral unnest(e.told_user_ids) told(id) join users u on u.id = told.id order by e.id, u.name`;
  return rows.map(({ kind, name }) => [kind, name]);
}

/** A promise of two hours round the clock for one type of request, before all others, with a ladder of three steps. */
export async function promiseTwoHours(sql: Sql, requestType: string): Promise<void> {
  await sql`
    with calendar as (
      insert into calendars (name, time_zone) values ('Round the clock', 'Asia/Kolkata') returning id),
    hours as (
      insert into calendar_windows (calendar_id, weekday, opens, closes)
      select id, day, '00:00', '24:00' from calendar, generate_series(1, 7) day),
    policy as (
      insert into policies (key, name, position, subject_kind, request_type_id)
      select 'two-hours', 'Within two hours', 0, 'request', id from request_types where name = ${requestType}
      returning id),
    version as (
      insert into policy_versions (policy_id, version, calendar_id)
      select policy.id, 1, calendar.id from policy, calendar returning id),
    target as (
      insert into policy_targets (policy_version_id, target, amount, unit, warn_percent)
      select id, 'resolution', 120, 'working_minutes', 75 from version)
    insert into policy_steps
      (policy_version_id, target, key, position, kind, at_percent, after_breach_minutes, tell)
    select version.id, 'resolution', step.* from version, (values
      ('warning', 1, 'warning', 75, null, 'assignee'),
      ('breach', 2, 'breach', 100, null, 'head'),
      ('administrators', 3, 'escalation', null, 60, 'administrators')) step`;
}
