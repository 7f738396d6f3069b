import { sql } from 'drizzle-orm';
import type { SubjectRef } from '#lib/clocks/model.ts';
import { jsonRows } from '#lib/clocks/rows.server.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';

/** Numbers with names of records the reader sees, by `kind id`. */
export async function titlesOf(tx: Tx, records: SubjectRef[]): Promise<Map<string, string>> {
  if (records.length === 0) return new Map();
  const wanted = JSON.stringify(records);
  const rows = await jsonRows<{ key: string; title: string }>(
    tx,
    sql`with wanted as (select * from jsonb_to_recordset(${wanted}::text::jsonb) as w(kind text, id bigint))
      select json_build_object('key', w.kind || ' ' || w.id, 'title', coalesce(
        (select q.number || ' ' || q.subject from queries q where w.kind = 'query' and q.id = w.id),
        (select r.number || ' ' || t.name from service_requests r join request_types t on t.id = r.type_id
          where w.kind = 'request' and r.id = w.id),
        (select l.number || ' ' || l.name from leads l where w.kind = 'lead' and l.id = w.id),
        (select c.number || ' ' || c.name from clients c where w.kind = 'client' and c.id = w.id), '')) as row
      from wanted w`
  );
  return new Map(rows.map(({ key, title }) => [key, title]));
}

/** What the policies are called whose versions these are, by the version's id. */
export async function policyNames(tx: Tx, versionIds: number[]): Promise<Map<number, string>> {
  if (versionIds.length === 0) return new Map();
  const rows = await tx.execute<{ id: number; name: string }>(sql`
    select v.id, p.name from policy_versions v join policies p on p.id = v.policy_id
    where v.id in (select value::bigint from jsonb_array_elements_text(${JSON.stringify(versionIds)}::text::jsonb))`);
  return new Map([...rows].map(({ id, name }) => [Number(id), name]));
}
