import type { Sql } from 'postgres';

/** Working days as they pass on the calendar, near enough. */
const DAY = 1.4;

/**
 * Gives every open clock its times, counted from now: one in eleven is overdue and has been escalated, the others fall
 * due over the coming days. Repeated before a run, so that an old database is as busy as a new one.
 */
export async function placeClocks(sql: Sql): Promise<void> {
  await sql`set session_replication_role = replica`;
  await sql`truncate escalations`;
  await sql`
    update clocks k set started_at = now() - length * (k.id * 7919 % 1000) / 910.0, due_at = now() - length * (k.id * 7919 % 1000) / 910.0 + length,
      breached_at = case when k.id * 7919 % 1000 > 910 then now() - length * (k.id * 7919 % 1000) / 910.0 + length end,
      next_action_at = null
    from policy_targets t cross join lateral (
      select case when t.unit = 'working_days' then t.amount * ${DAY}::float8 * interval '1 day' else interval '2 days' end as length) l
    where t.policy_version_id = k.policy_version_id and t.target = k.target`;
  await sql`
    update clock_steps s set action_at = case s.step_key when 'warning' then k.started_at + (k.due_at - k.started_at) * 0.75
      when 'breach' then k.due_at else k.due_at + interval '4 hours' end
    from clocks k where k.id = s.clock_id`;
  await sql`
    insert into escalations (clock_id, step_key, turn, policy_version_id, kind, action_at, carried_out_at, told_user_ids)
    select s.clock_id, s.step_key, s.turn, k.policy_version_id, s.kind, s.action_at, s.action_at, array[1]
    from clock_steps s join clocks k on k.id = s.clock_id where s.action_at <= now()`;
  await sql`
    update clocks k set next_action_at = (select min(s.action_at) from clock_steps s where s.clock_id = k.id and s.action_at > now())`;
  await copyDueTimes(sql);
}

/** Every clock has its warning and its breach behind it; nothing happens before `letFallDue`. Returns how many. */
export async function makeAllDue(sql: Sql): Promise<number> {
  await sql`set session_replication_role = replica`;
  await sql`truncate escalations`;
  // It matters to nothing that is measured at what hour of the day it runs.
  await sql`update policy_versions set working_hours_only = false`;
  const clocks = await sql`
    update clocks set started_at = now() - interval '3 days', due_at = now() - interval '1 hour', breached_at = null, next_action_at = null`;
  await sql`
    update clock_steps set action_at = now() + case step_key when 'warning' then interval '-1 day' when 'breach' then interval '-1 hour'
      else interval '3 hours' end`;
  await copyDueTimes(sql);
  return clocks.count;
}

/** Promises to stay in contact, with the ladder of the other clocks, until the firm has so many clocks. */
export async function padClocks(sql: Sql, wanted: number): Promise<void> {
  await sql`set session_replication_role = replica`;
  await sql`
    with added as (
      insert into clocks (subject_kind, subject_id, client_id, target, policy_version_id, calendar_id, started_at)
      select 'client', c.id, c.id, 'contact', v.id, v.calendar_id, now() - interval '3 days'
      from clients c cross join (select id, calendar_id from policy_versions order by id limit 1) v
      where c.primary_rm_id is not null and c.lifecycle = 'active'
        and not exists (select 1 from clocks k where k.subject_kind = 'client' and k.subject_id = c.id)
      order by c.id limit greatest(0, ${wanted}::int - (select count(*)::int from clocks))
      returning id)
    insert into clock_steps (clock_id, step_key, position, kind, tell)
    select a.id, s.key, s.position, s.key, 'assignee'
    from added a cross join (values ('warning', 1), ('breach', 2)) s (key, position)`;
  await sql`set session_replication_role = origin`;
}

/** Now all of them are found by whoever sweeps. */
export async function letFallDue(sql: Sql): Promise<void> {
  await sql`update clocks set next_action_at = now() - interval '1 hour' + (id % 1000) * interval '1 millisecond'`;
}

/** Ends what happens without triggers, which would compare every row of these updates with every other. */
async function copyDueTimes(sql: Sql): Promise<void> {
  await sql`update service_requests r set due_at = k.due_at from clocks k where k.subject_kind = 'request' and k.subject_id = r.id`;
  await sql`update queries q set due_at = k.due_at from clocks k where k.subject_kind = 'query' and k.subject_id = q.id`;
  await sql`set session_replication_role = origin`;
  await sql`vacuum (analyze) clocks, clock_steps, escalations, service_requests, queries`;
}
