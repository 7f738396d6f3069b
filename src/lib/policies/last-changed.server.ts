import { inArray, sql } from 'drizzle-orm';
import type { Tx } from '#lib/platform/db/transactions.server.ts';

/** Who changed a record last, by name; of the tables, each is audited under the record's id. Null: not a person. */
export async function lastChangedBy(tx: Tx, tables: string[], id: number): Promise<string | null> {
  const [row] = await tx.execute<{ name: string | null }>(sql`
    select u.name from audit_log a left join users u on u.id = a.actor_id
    where ${inArray(sql`a.table_name`, tables)} and a.row_id = ${id} order by a.id desc limit 1`);
  return row?.name ?? null;
}
