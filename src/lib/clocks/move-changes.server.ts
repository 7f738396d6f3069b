import { sql } from 'drizzle-orm';
import { idArray } from '#lib/platform/db/arrays.server.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import type { MoveReason, SubjectKind } from './model.ts';
import { jsonRows } from './rows.server.ts';

/** What was changed, with the values that policies compare: of types and teams their ids. */
export interface Change extends MoveReason {
  clockId: number;
  fromKey: string | null;
  toKey: string | null;
}

/** A team that the record is given to, where that is not written yet. */
export interface Handing {
  teamId: { from: number | null; to: number | null };
}

const TABLES: Record<SubjectKind, string> = {
  query: 'queries',
  request: 'service_requests',
  lead: 'leads',
  client: 'clients'
};

/** Since when these clocks run as they do, as rows. */
const clocksSince = (ids: number[]) => sql`
  select k.id as clock_id, k.subject_id, k.client_id, k.policy_version_id,
    coalesce((select max(m.created_at) from clock_moves m where m.clock_id = k.id), k.started_at) as since
  from clocks k where k.id = any (${idArray(ids)})`;

/**
 * What of that which policies look at was changed on the records of these clocks and on their clients, as far as the
 * reader sees it, since they began or last moved, in its order.
 */
export async function readChanges(
  tx: Tx,
  kind: SubjectKind,
  clockIds: number[],
  handing?: Handing
): Promise<Change[]> {
  const mainTeam = (values: string) =>
    sql`(select u.main_team_id::text from users u where u.id = (a.${sql.raw(values)} ->> 'primary_rm_id')::bigint)`;
  const now = handing
    ? sql`union all select w.clock_id, 1, 9223372036854775807, now(), app.user_id(), 'team',
        ${handing.teamId.from}::bigint::text, ${handing.teamId.to}::bigint::text from wanted w`
    : sql``;
  return jsonRows<Change>(
    tx,
    sql`with wanted as (${clocksSince(clockIds)}),
    changes(clock_id, part, id, at, actor_id, what, from_key, to_key) as (
      select w.clock_id, 1, a.id, a.at, a.actor_id, c.what, a.old_values ->> c.name, a.new_values ->> c.name
      from wanted w
      join audit_log a on a.table_name = ${TABLES[kind]} and a.row_id = w.subject_id and a.action = 'update'
        and a.at > w.since
      join (values ('priority', 'priority'), ('type_id', 'type'), ('team_id', 'team')) c(name, what)
        on jsonb_exists(a.old_values, c.name)
      union all
      select w.clock_id, 1, a.id, a.at, a.actor_id, 'tier', a.old_values ->> 'tier', a.new_values ->> 'tier'
      from wanted w
      join audit_log a on a.table_name = 'clients' and a.row_id = w.client_id and a.action = 'update'
        and a.at > w.since and jsonb_exists(a.old_values, 'tier')
      union all
      select w.clock_id, 1, a.id, a.at, a.actor_id, 'tags', a.old_values ->> 'tag', a.new_values ->> 'tag'
      from wanted w
      join audit_log a on a.table_name = 'client_tags' and a.row_id = w.client_id and a.at > w.since
      union all
      select w.clock_id, 1, a.id, a.at, a.actor_id, 'team', ${mainTeam('old_values')}, ${mainTeam('new_values')}
      from wanted w
      join audit_log a on a.table_name = 'clients' and a.row_id = w.client_id and a.action = 'update'
        and a.at > w.since and jsonb_exists(a.old_values, 'primary_rm_id')
      where ${kind} = 'client'
      union all
      select w.clock_id, 1, a.id, a.at, a.actor_id, 'team', a.old_values ->> 'main_team_id', a.new_values ->> 'main_team_id'
      from wanted w join clients c on c.id = w.client_id
      join audit_log a on a.table_name = 'users' and a.row_id = c.primary_rm_id and a.action = 'update'
        and a.at > w.since and jsonb_exists(a.old_values, 'main_team_id')
      where ${kind} = 'client'
      ${now})
    select json_build_object('clockId', c.clock_id, 'what', c.what, 'fromKey', c.from_key, 'toKey', c.to_key,
      'from', case c.what when 'team' then (select t.name from teams t where t.id = c.from_key::bigint)
        when 'type' then (select t.name from request_types t where t.id = c.from_key::bigint) else c.from_key end,
      'to', case c.what when 'team' then (select t.name from teams t where t.id = c.to_key::bigint)
        when 'type' then (select t.name from request_types t where t.id = c.to_key::bigint) else c.to_key end,
      'by', (select u.name from users u where u.id = c.actor_id), 'at', c.at) as row
    from changes c order by c.part, c.id`
  );
}

/** What was last done to the policies under which these clocks ran and run, since they began or last moved. */
export function readPolicyChanges(tx: Tx, clocks: { id: number; policyIds: number[] }[]): Promise<Change[]> {
  if (clocks.length === 0) return Promise.resolve([]);
  const ids = clocks.map(({ id }) => id);
  const pairs = clocks.flatMap(({ id, policyIds }) => policyIds.map((policyId) => ({ id, policyId })));
  return jsonRows<Change>(
    tx,
    sql`with wanted as (${clocksSince(ids)}),
    under as (
      select w.*, u."policyId" as policy_id from wanted w
      join jsonb_to_recordset(${JSON.stringify(pairs)}::text::jsonb) as u(id bigint, "policyId" bigint) on u.id = w.clock_id)
    select json_build_object('clockId', clock_id, 'what', 'policy', 'from', how, 'to', name, 'by', by, 'at', at) as row
    from (
      select distinct on (clock_id) found.*, p.name, (select u.name from users u where u.id = by_id) as by
      from (
        select w.clock_id, 1 as part, r.policy_id, r.what as how, r.asked_by_id as by_id, r.created_at as at
        from under w join clock_recomputes r on r.policy_id = w.policy_id and r.created_at > w.since
        union all
        select w.clock_id, 2, v.policy_id, 'Version ' || v.version, v.created_by_id, v.created_at
        from under w join policy_versions v on v.policy_id = w.policy_id and v.created_at > w.since) found
      join policies p on p.id = found.policy_id
      order by clock_id, part, at desc) last`
  );
}
