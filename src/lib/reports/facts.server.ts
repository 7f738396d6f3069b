import { sql, type SQL } from 'drizzle-orm';
import type { SubjectKind } from '#lib/clocks/model.ts';
import { leads } from '#lib/leads/schema.server.ts';
import { callDueAt, withFirstCall } from '#lib/leads/to-call.server.ts';
import type { Directory } from './directory.server.ts';
import type { ReportFilter } from './model.ts';
import { endOf, startOf, within } from './period.server.ts';

interface Days {
  from: string;
  to: string;
}

/**
 * What reports count, one row each, with the columns of every list behind a figure: `key` (unique), `kind`, `subject_id`,
 * `number`, `title`, `client`, `type`, `request_type_id`, `person_id`, `team_id`, `at`, `state`, and more of its own.
 * Policies decide whose rows these are: a figure and the list behind it read the same.
 */
export type Facts = SQL;

/** Who has what clocks run on now; `client` and `request_type_id` are null where there are none. */
const SUBJECTS: [SubjectKind, SQL][] = [
  [
    'query',
    sql`select id, number, subject as title, client_name as client, null::bigint as type_id, rm_id as person_id, team_id
      from queries`
  ],
  [
    'request',
    sql`select id, number, null as title, client_name as client, type_id, assignee_id as person_id, team_id
      from service_requests`
  ],
  [
    'lead',
    sql`select id, number, name as title, null as client, null::bigint as type_id, conversion_rm_id as person_id, team_id
      from leads`
  ],
  [
    'client',
    sql`select id, number, name as title, null as client, null::bigint as type_id, primary_rm_id as person_id,
      null::bigint as team_id from clients`
  ]
];

/** The team a record counts in: the one it is with, or its person's where that comes first. */
const TEAM: Record<SubjectKind, SQL> = {
  query: sql`coalesce(s.team_id, u.main_team_id)`,
  request: sql`coalesce(s.team_id, u.main_team_id)`,
  lead: sql`coalesce(u.main_team_id, s.team_id)`,
  client: sql`u.main_team_id`
};

/** Everybody's team, and the types of requests, as sets of their own: see `onClocks`. */
const PEOPLE = sql`people as materialized (select id, main_team_id from users)`;
const TYPES = sql`types as materialized (select id, name from request_types)`;

/**
 * What `told` says of clocks, as `k`, with the columns of the records they run on. `told` is a function that reads
 * clocks for whoever asks and gives him what policies would; records are read under the policies themselves. Each is a
 * set that is read once: what a policy costs a row is so overrated that plans over the tables themselves look all the
 * same to Postgres, and it looks the records up one by one.
 */
const onClocks = (columns: SQL, told: SQL, more = sql``): Facts => sql`
  with told as materialized (select * from ${told}), ${PEOPLE}, ${TYPES},
  terms as materialized (
    select v.id, v.policy_id, p.name as policy from policy_versions v left join policies p on p.id = v.policy_id),
  ${sql.join(
    SUBJECTS.map(([kind, records]) => sql`${sql.identifier(kind)} as materialized (${records})`),
    sql`, `
  )}
  ${sql.join(
    SUBJECTS.map(
      ([kind]) => sql`
        select ${columns}, ${kind}::text as kind, k.subject_id, s.number, coalesce(s.title, y.name) as title, s.client,
          s.type_id as request_type_id, s.person_id, ${TEAM[kind]} as team_id
        from told k join ${sql.identifier(kind)} s on s.id = k.subject_id ${more}
        left join people u on u.id = s.person_id left join types y on y.id = s.type_id
        where k.subject_kind = ${kind}`
    ),
    sql` union all `
  )}`;

/** Promises that came to an end in the period, kept or late; those that became void are none. */
export const promiseFacts = (days: Days, { timeZone }: Directory): Facts =>
  onClocks(
    sql`k.clock_id as key, k.target as type, k.ended_at as at, case when k.late then 'late' else 'kept' end as state,
      k.ours, k.client as client_minutes, k.third_party, k.ours is not null as split`,
    sql`app.seen_promises(${startOf(days, timeZone)}, ${endOf(days, timeZone)})`
  );

/** Steps of ladders carried out in the period. */
export const escalationFacts = (days: Days, { timeZone }: Directory): Facts =>
  onClocks(
    sql`k.escalation_id as key, k.target as type, k.carried_out_at as at, k.kind as state, v.policy_id, v.policy`,
    sql`app.seen_steps(${startOf(days, timeZone)}, ${endOf(days, timeZone)})`,
    sql`join terms v on v.id = k.policy_version_id`
  );

/** Queries, requests and leads that are open now; a lead is due when it is to be called. */
export const workFacts = ({ timeZone, today }: Directory): Facts => sql`
  select w.*, ${ageOf(sql`${today}::date - (w.at at time zone ${timeZone})::date`)} as age,
    case when w.due_at is null then 'none' when w.due_at >= now() then 'in_time'
      when w.due_at >= now() - interval '1 day' then 'day'
      when w.due_at >= now() - interval '7 days' then 'week' else 'longer' end as late
  from (
    with ${PEOPLE}, ${TYPES}, query as materialized (
      select id, number, subject, client_name, rm_id, team_id, opened_at, status, due_at from queries
      where status in ('open', 'in_progress')
    ), request as materialized (
      select id, number, client_name, type_id, assignee_id, team_id, created_at, status, due_at from service_requests
      where status in ('pending', 'in_progress')
    ), lead as materialized (
      select ${leads.id}, ${leads.number}, ${leads.name}, ${leads.conversionRmId}, ${leads.teamId}, ${leads.createdAt},
        ${leads.status}, ${leads.expectedValue}, ${callDueAt(sql`first_call.due_at`)} as due_at
      from ${leads} ${withFirstCall} where ${leads.status} in ('new', 'wip')
    )
    select q.id * 3 as key, 'query' as kind, q.id as subject_id, q.number, q.subject as title, q.client_name as client,
      null as type, null::bigint as request_type_id, q.rm_id as person_id, coalesce(q.team_id, u.main_team_id) as team_id,
      q.opened_at as at, q.status as state, q.due_at, null::numeric as value
    from query q left join people u on u.id = q.rm_id
    union all
    select r.id * 3 + 1, 'request', r.id, r.number, y.name, r.client_name, null, r.type_id, r.assignee_id,
      coalesce(r.team_id, u.main_team_id), r.created_at, r.status, r.due_at, null
    from request r join types y on y.id = r.type_id left join people u on u.id = r.assignee_id
    union all
    select l.id * 3 + 2, 'lead', l.id, l.number, l.name, null, null, null, l.conversion_rm_id,
      coalesce(u.main_team_id, l.team_id), l.created_at, l.status, l.due_at, l.expected_value
    from lead l left join people u on u.id = l.conversion_rm_id
  ) w`;

const ageOf = (days: SQL): SQL =>
  sql`case when ${days} <= 7 then 'week' when ${days} <= 30 then 'month' when ${days} <= 90 then 'quarter' else 'longer' end`;

/**
 * Leads entered in the period with who gave them: a client the actor sees (`c12`), words (`t` and the words), nobody, or
 * a client he does not see. Values are in the firm's currency.
 */
export const referralFacts = (days: Days, { timeZone, currency }: Directory): Facts => sql`
  select l.id as key, 'lead' as kind, l.id as subject_id, l.number, l.name as title, null as client,
    coalesce(l.mode, 'none') as type, null::bigint as request_type_id, l.obtained_by_id as person_id,
    coalesce(u.main_team_id, l.team_id) as team_id, l.created_at as at, l.status as state,
    coalesce(case when l.currency = ${currency} then l.expected_value end, 0) as value,
    case when l.status = 'converted' then (l.converted_at at time zone ${timeZone})::date - (l.created_at at time zone ${timeZone})::date
      end as days_to_convert,
    case when g.id is not null then 'c' || g.id when l.given_by_client_id is not null then 'hidden'
      when btrim(l.given_by) <> '' then 't' || regexp_replace(lower(btrim(l.given_by)), '\\s+', ' ', 'g') else 'none' end as giver,
    coalesce(g.name, case when l.given_by_client_id is null then btrim(l.given_by) end) as given_by
  from leads l left join users u on u.id = l.obtained_by_id left join clients g on g.id = l.given_by_client_id
  where ${within(sql`l.created_at`, days, timeZone)}`;

const HELD = (timeZone: string) => sql`(
  select i.interaction_id as id, i.client_id, held.day as held_on,
    lag(coalesce(i.next_on, (held.day + make_interval(months => c.review_every_months))::date))
      over (partition by i.client_id order by held.day, i.interaction_id) as due_on
  from app.seen_reviews() i join client c on c.id = i.client_id
  cross join lateral (select coalesce(i.held_on, (i.occurred_at at time zone ${timeZone})::date) as day) held
  where c.lifecycle = 'active')`;

const ABOUT_CLIENT = sql`'client' as kind, c.id as subject_id, c.number, c.name as title, null as client, null as type,
  null::bigint as request_type_id, c.primary_rm_id as person_id, u.main_team_id as team_id`;

/** Archived ones too: a filter would bring back plans that look clients up one by one, see `onClocks`. */
const CLIENTS = sql`client as materialized (
    select id, number, name, primary_rm_id, next_review_on, review_every_months, lifecycle from clients)`;

/** Portfolio reviews of active clients that were due in the period: held since, or still to be held. */
export const reviewDueFacts = ({ from, to }: Days, { timeZone, today }: Directory): Facts => sql`
  with ${PEOPLE}, ${CLIENTS}
  select d.key, ${ABOUT_CLIENT}, d.due_on::timestamp as at, d.held_on, d.state
  from (
    select h.id * 2 as key, h.client_id, h.due_on, h.held_on, case when h.held_on <= h.due_on then 'in_time' else 'late' end as state
    from ${HELD(timeZone)} h
    union all
    select n.id * 2 + 1, n.id, n.next_review_on, null, case when n.next_review_on < ${today}::date then 'overdue' else 'coming' end
    from client n where n.lifecycle = 'active'
  ) d join client c on c.id = d.client_id left join people u on u.id = c.primary_rm_id
  where d.due_on between ${from}::date and ${to}::date`;

/** Active clients as they stand now, and whether one of their reviews was held in the period. */
export const coverageFacts = ({ from, to }: Days, { timeZone, today }: Directory): Facts => sql`
  with ${PEOPLE}, ${CLIENTS}
  select c.id as key, ${ABOUT_CLIENT}, c.next_review_on::timestamp as at, h.last_on as held_on,
    case when c.next_review_on is null then 'unplanned' when c.next_review_on < ${today}::date then 'overdue'
      else 'planned' end as state,
    h.last_on is null as never, coalesce(h.reviewed, false) as reviewed
  from client c left join people u on u.id = c.primary_rm_id
  left join (
    select i.client_id, max(held.day) as last_on, bool_or(held.day between ${from}::date and ${to}::date) as reviewed
    from app.seen_reviews() i
    cross join lateral (select coalesce(i.held_on, (i.occurred_at at time zone ${timeZone})::date) as day) held
    group by i.client_id
  ) h on h.client_id = c.id
  where c.lifecycle = 'active'`;

/** Rows of the nightly reports of the period. */
export const pipelineFacts = ({ from, to }: Days): Facts => sql`
  select s.id as key, 'lead' as kind, null::bigint as subject_id, null as number,
    coalesce((select p.name from products p where p.id = s.product_id), 'No product') as title, null as client,
    coalesce(s.source, 'none') as type, null::bigint as request_type_id, s.rm_id as person_id, s.team_id,
    s.on_date::timestamp as at, s.status as state, s.product_id, s.denial_reason, s.leads, s.value, s.created, s.moved,
    s.converted, s.denied, s.won_value, s.days_in_status, s.days_to_convert, s.up_to_week, s.up_to_month, s.up_to_quarter, s.longer
  from pipeline_snapshots s where s.on_date between ${from}::date and ${to}::date`;

/** Rows of nightly reports on whose date something came in or was decided. */
export const movementFacts = (days: Days): Facts =>
  sql`${pipelineFacts(days)} and (s.created > 0 or s.moved > 0 or s.converted > 0 or s.denied > 0)`;

/** Conditions on facts `f` that every report knows. */
export function narrowed({ team, person, kind, requestType }: ReportFilter): SQL[] {
  return [
    ...oneOf(sql`f.team_id`, team),
    ...oneOf(sql`f.person_id`, person),
    ...(kind ? [sql`f.kind = ${kind}`] : []),
    ...(requestType ? [sql`f.request_type_id = ${requestType}`] : [])
  ];
}

export function oneOf(column: SQL, value: number | 'none' | undefined): SQL[] {
  if (value === undefined) return [];
  return [value === 'none' ? sql`${column} is null` : sql`${column} = ${value}`];
}

export const every = (conditions: SQL[]): SQL =>
  conditions.length > 0 ? sql.join(conditions, sql` and `) : sql`true`;
