import { sql } from 'drizzle-orm';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import type { WorkKind } from './conversations.server.ts';

const TABLES: Record<WorkKind, string> = { query: 'queries', request: 'service_requests' };
const WORK = { query: sql`queries`, request: sql`service_requests` };

/** What decides which records a policy is for, and gives it no new version. */
const FITTING = sql.raw(
  `array['active', 'request_type_id', 'priority', 'client_tier', 'client_tag', 'team_id']`
);

/**
 * Since when the policies that fit queries or requests have promised a next response, by the record's id: since their
 * first version that did, since they were taken into use or made to fit other records, or since what policies look at
 * was last changed on the record or its client.
 */
export async function promisedSince(
  tx: Tx,
  kind: WorkKind,
  fitting: { id: number; policyId: number }[]
): Promise<Map<number, Date>> {
  if (fitting.length === 0) return new Map();
  const rows = await tx.execute<{ id: number; since: string }>(sql`
    select w.id::int8 as id, to_json(greatest(
      (select min(v.created_at) from policy_versions v
        join policy_targets t on t.policy_version_id = v.id and t.target = 'next_response'
        where v.policy_id = w."policyId"),
      (select max(a.at) from audit_log a
        where a.table_name = 'policies' and a.row_id = w."policyId" and a.action = 'update'
          and jsonb_exists_any(a.old_values, ${FITTING})),
      (select max(a.at) from audit_log a
        where a.table_name = ${TABLES[kind]} and a.row_id = w.id and a.action = 'update'
          and jsonb_exists_any(a.old_values, array['priority', 'type_id', 'team_id', 'client_id'])),
      (select max(a.at) from audit_log a
        where a.row_id = its.client_id and (a.table_name = 'client_tags'
          or a.table_name = 'clients' and a.action = 'update' and jsonb_exists(a.old_values, 'tier'))))) #>> '{}' as since
    from jsonb_to_recordset(${JSON.stringify(fitting)}::text::jsonb) as w(id bigint, "policyId" bigint)
    join ${WORK[kind]} its on its.id = w.id`);
  return new Map([...rows].map(({ id, since }) => [Number(id), new Date(since)]));
}
