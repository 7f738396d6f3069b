import { sql } from 'drizzle-orm';
import type { Tx } from '#lib/platform/db/transactions.server.ts';

/** One change of a record, as its page shows it. */
export interface HistoryEntry {
  id: number;
  at: Date;
  action: 'insert' | 'update' | 'delete' | 'reveal';
  /** Columns that changed, by their names in the database; secrets never. */
  oldValues: Record<string, unknown> | null;
  newValues: Record<string, unknown> | null;
  /** Null for what the system did. */
  actor: { id: number; name: string } | null;
}

type Row = Omit<HistoryEntry, 'actor'> & { actorId: number | null; actorName: string | null };

const SHOWN = 200;

/** The latest changes of a record the actor sees, newest first. */
export async function historyOf(tx: Tx, table: string, id: number): Promise<HistoryEntry[]> {
  const rows = await tx.execute<Row & Record<string, unknown>>(sql`
    select a.id, a.at, a.action, a.old_values as "oldValues", a.new_values as "newValues",
      a.actor_id as "actorId", u.name as "actorName"
    from audit_log a left join users u on u.id = a.actor_id
    where a.table_name = ${table} and a.row_id = ${id} and a.action in ('insert', 'update', 'delete', 'reveal')
    order by a.id desc limit ${SHOWN}`);
  return rows.map(({ actorId, actorName, at, ...row }) => ({
    ...row,
    at: new Date(at),
    actor: actorId === null ? null : { id: actorId, name: actorName ?? '' }
  }));
}
