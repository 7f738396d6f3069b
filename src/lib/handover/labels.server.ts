import { sql, type SQL } from 'drizzle-orm';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import type { HandoverPart } from './model.ts';
import { SOURCES } from './sources.server.ts';

export interface Label {
  number: string;
  name: string;
  /** What else tells the record apart: an organisation, a client, a kind. */
  detail: string | null;
}

const LABELS: Record<(typeof SOURCES)[HandoverPart]['table'], SQL> = {
  clients: sql`t.number, t.name, t.organisation as detail`,
  leads: sql`t.number, t.name, t.organisation as detail`,
  queries: sql`t.number, t.subject as name, t.client_name as detail`,
  service_requests: sql`t.number, (select y.name from request_types y where y.id = t.type_id) as name, t.client_name as detail`
};

/** Number and name of those of the records that the actor sees. */
export async function labelsOf(tx: Tx, part: HandoverPart, ids: number[]): Promise<Map<number, Label>> {
  const { table } = SOURCES[part];
  const rows = await tx.execute<{ id: number } & Label & Record<string, unknown>>(sql`
    select t.id, ${LABELS[table]} from ${sql.raw(table)} t where t.id = any (${`{${ids.join(',')}}`}::bigint[])`);
  return new Map(rows.map(({ id, number, name, detail }) => [id, { number, name, detail }]));
}
