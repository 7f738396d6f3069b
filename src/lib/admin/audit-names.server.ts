import { sql, type SQL } from 'drizzle-orm';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import type { AuditKindName } from './audit-kinds.ts';

/** How each kind is called, by id. Row level security decides whose names the actor is given. */
const SOURCES: Partial<Record<AuditKindName, SQL>> = {
  user: sql`select id, name from users`,
  client: sql`select id, name || ' (' || number || ')' from clients`,
  lead: sql`select id, name || ' (' || number || ')' from leads`,
  query: sql`select id, subject || ' (' || number || ')' from queries`,
  request: sql`select id, client_name || ' (' || number || ')' from service_requests`,
  interaction: sql`select id, subject from interactions`,
  holding: sql`select id, product_name from holdings`,
  product: sql`select id, name from products`,
  role: sql`select id, name from roles`,
  team: sql`select id, name from teams`,
  requestType: sql`select id, name from request_types`,
  listItem: sql`select id, label from list_items`,
  policy: sql`select id, name from policies`,
  policyVersion: sql`select v.id, p.name || ', version ' || v.version from policy_versions v
    join policies p on p.id = v.policy_id`,
  calendar: sql`select id, name from calendars`
};

const ID = /^(\w+):(\d+)$/;

/** What the references (`client:12`, `list:client_type:huf`) are called, in one statement for all. */
export async function namesOf(tx: Tx, references: Iterable<string>): Promise<Map<string, string>> {
  const ids = new Map<string, number[]>();
  const keys: string[] = [];
  for (const reference of new Set(references)) {
    const match = ID.exec(reference);
    if (match?.[1]) ids.set(match[1], [...(ids.get(match[1]) ?? []), Number(match[2])]);
    else keys.push(reference);
  }
  const parts = [...ids].flatMap(([kind, wanted]) => {
    const source = SOURCES[kind as AuditKindName];
    return source
      ? [
          sql`select ${kind}::text || ':' || id as reference, name from (${source}) s(id, name) where id = any (${`{${wanted.join(',')}}`}::bigint[])`
        ]
      : [];
  });
  if (keys.length > 0)
    parts.push(sql`select 'list:' || list || ':' || key as reference, label as name from list_items`);
  if (parts.length === 0) return new Map();
  const rows = await tx.execute<{ reference: string; name: string }>(sql.join(parts, sql` union all `));
  return new Map(rows.map(({ reference, name }) => [reference, name]));
}
