import type { Sql } from 'postgres';

interface Records {
  client: number;
  product: number;
  colleague: number;
  namesake: number;
}

/**
 * Lets stand side by side what people may call the same and what shares an id: lists that tell their rows apart by that
 * break their pages in the browser. A client and a product are called as their lists, two colleagues on leave have one
 * name, steps of checklists and ladders stand twice, and a query and a request of one id, both of the client, are due
 * before all others. Returns the entry of the audit trail about the product, and that id.
 */
export async function makeAlike(
  sql: Sql,
  { client, product, colleague, namesake }: Records
): Promise<{ audit: number; work: number }> {
  await sql`update clients set name = 'Clients' where id = ${client}`;
  await sql`
    update users set name = (select name from users where id = ${colleague}), leave_from = '2020-01-01', leave_to = null,
      substitute_id = null
    where id in ${sql([colleague, namesake])}`;
  await sql`update request_types set checklist = checklist || '["Call back", "Call back"]'`;
  await sql`
    insert into policy_steps (policy_version_id, target, key, position, kind, after_breach_minutes, tell, does)
    select policy_version_id, target, key || '-again', position + 100, kind, 0, tell, does
    from policy_steps where at_percent = 100`;
  await sql`update products set name = 'Catalogue', nav = 12.5, nav_on = '2020-01-01' where id = ${product}`;
  const [entry] = await sql<{ id: number }[]>`
    select max(id)::int as id from audit_log where table_name = 'products' and row_id = ${product}`;
  return { audit: entry?.id ?? 0, work: await shareId(sql, client) };
}

async function shareId(sql: Sql, client: number): Promise<number> {
  const [pair] = await sql<{ id: number }[]>`
    select q.id::int as id from queries q join service_requests r using (id)
    where q.status in ('open', 'in_progress') and r.status in ('pending', 'in_progress') and q.waiting_on is null
      and r.waiting_on is null
    order by q.id limit 1`;
  if (!pair) throw new Error('No query and request that are open share an id');
  for (const table of ['queries', 'service_requests'])
    await sql`
      update ${sql(table)} set client_id = ${client}, due_at = now() - interval '1 year' where id = ${pair.id}`;
  return pair.id;
}
