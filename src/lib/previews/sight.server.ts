import { sql, type SQL } from 'drizzle-orm';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { COUNTED, SHOWN } from './model.ts';

export interface SeenRow {
  id: number;
  number: string;
  title: string;
}

export interface Seen {
  /** Counted up to COUNTED; one more stands for more. */
  total: number;
  rows: SeenRow[];
}

export type SightKind = 'clients' | 'leads' | 'queries' | 'requests';
export type Sight = { sees: Record<SightKind, Seen> };

const KINDS: Record<SightKind, { table: SQL; title: SQL }> = {
  clients: { table: sql`clients`, title: sql`name` },
  leads: { table: sql`leads`, title: sql`name` },
  queries: { table: sql`queries`, title: sql`subject` },
  requests: { table: sql`service_requests`, title: sql`client_name` }
};

const part = ({ table, title }: { table: SQL; title: SQL }) => sql`json_build_object(
  'total', (select count(*)::int from (select 1 from ${table} limit ${COUNTED + 1}) counted),
  'rows', (select coalesce(json_agg(r), '[]') from (
    select id, number, ${title} as title from ${table} order by id desc limit ${SHOWN}) r))`;

/** How many records there are for whoever looks, and the latest of each kind. */
export async function look(tx: Tx): Promise<Sight> {
  const [row] = await tx.execute<Record<SightKind, Seen>>(sql`
    select ${part(KINDS.clients)} as clients, ${part(KINDS.leads)} as leads,
      ${part(KINDS.queries)} as queries, ${part(KINDS.requests)} as requests`);
  if (!row) throw new Error('Nothing came back');
  return { sees: row };
}
