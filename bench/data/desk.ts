import type { Sql } from 'postgres';
import type { Sizes } from './sizes.ts';

/** As many requests that are done as are open, and three times as many answered queries. */
export async function makeDesk(sql: Sql, { clients, requests, queries }: Sizes): Promise<void> {
  await sql`
    with desk as materialized (
      select u.main_team_id as team, array_agg(u.id order by u.id) as ids from users u
      join roles r on r.id = u.role_id and r.key = 'ops_executive' group by 1),
    types as materialized (select array_agg(id order by id) as ids from request_types)
    insert into service_requests (client_id, client_name, client_number, type_id, priority, status, assignee_id, team_id, details,
      created_by_id, created_at, started_at, finished_at, outcome)
    select c.id, c.name, c.number, types.ids[1 + n * 7 % cardinality(types.ids)], (array['normal', 'normal', 'high', 'low'])[1 + n % 4],
      case when done then 'completed' when waits then 'pending' else 'in_progress' end,
      case when done or not waits then desk.ids[1 + n * 13 % cardinality(desk.ids)] end, desk.team, 'As asked by the client on the phone.',
      c.primary_rm_id, at, case when not waits then at end, case when done then at + interval '3 days' end, case when done then 'Done' end
    from types cross join generate_series(1, ${requests * 2}::int) n
    cross join lateral (select n <= ${requests}::int as done, n % 5 = 0 as waits,
      now() - case when n <= ${requests}::int then (20 + n * 31 % 500) else 1 end * interval '1 day' - n * interval '1 millisecond' as at) a
    join desk on desk.team = (select id from teams where function = 'ops' order by id offset n % 2 limit 1)
    join clients c on c.id = 1 + n::bigint * 6133 % ${clients}::int
    order by n`;
  await sql`
    insert into queries (client_id, client_name, client_number, rm_id, team_id, subject, priority, status, resolution,
      created_by_id, opened_at, first_responded_at, resolved_at, closed_at)
    select c.id, c.name, c.number, c.primary_rm_id, u.main_team_id, 'When will the units of the switch be seen?',
      (array['normal', 'normal', 'high', 'low'])[1 + n % 4], case when done then 'closed' when n % 2 = 0 then 'open' else 'in_progress' end,
      case when done then 'Explained on the phone.' end, c.primary_rm_id, at, case when done then at + interval '1 hour' end,
      case when done then at + interval '5 hours' end, case when done then at + interval '2 days' end
    from generate_series(1, ${queries * 4}::int) n
    cross join lateral (select n <= ${queries * 3}::int as done,
      now() - case when n <= ${queries * 3}::int then (10 + n * 31 % 500) else 1 end * interval '1 day' - n * interval '1 millisecond' as at) a
    join clients c on c.id = 1 + n::bigint * 6133 % ${clients}::int
    join users u on u.id = c.primary_rm_id
    order by n`;
  await sql`
    insert into notifications (key, user_id, kind, title, reason, created_at, read_at)
    select 'bench:' || n, u.id, 'assigned', 'A request was assigned to you', 'It is yours now.', now() - n * interval '3 hours',
      case when n > 8 then now() end
    from users u cross join generate_series(1, 120) n`;
}

/** A clock with its ladder for every open request and query; `placeClocks` gives them their times. */
export async function makeClocks(sql: Sql): Promise<void> {
  await sql`
    insert into clocks (subject_kind, subject_id, client_id, target, policy_version_id, calendar_id, started_at)
    select w.kind, w.id, w.client_id, 'resolution', v.id, v.calendar_id, now()
    from (
      select 'request' as kind, r.id, r.client_id,
        (select p.id from policies p where p.subject_kind = 'request' and p.request_type_id = r.type_id) as policy
      from service_requests r where r.status in ('pending', 'in_progress')
      union all
      select 'query', q.id, q.client_id, (select p.id from policies p where p.key = 'query.other')
      from queries q where q.status in ('open', 'in_progress')
    ) w join policy_versions v on v.policy_id = w.policy order by 1, 2`;
  await sql`insert into clock_segments (clock_id, kind, cause, from_at) select id, 'ours', 'opened', started_at from clocks`;
  await sql`
    insert into clock_steps (clock_id, step_key, position, kind, tell)
    select k.id, s.key, s.position, s.kind, s.tell
    from clocks k join policy_steps s on s.policy_version_id = k.policy_version_id and s.target = k.target order by 1, 3`;
}
