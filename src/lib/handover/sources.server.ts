import { sql, type SQL } from 'drizzle-orm';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { HANDOVER_PARTS, type HandoverPart } from './model.ts';
import type { Belongs } from './schema.server.ts';

/** Where the records of a part are kept and which of their columns say whose they are. */
interface Source {
  table: 'clients' | 'leads' | 'queries' | 'service_requests';
  /** The column that makes a record somebody's. */
  owner: string;
  /** What a handover may write. */
  columns: string[];
  /** The client it is about, if any. */
  client: string;
  /** Finished work stays with whoever finished it. */
  unfinished: string;
  order: string;
}

export const SOURCES: Record<HandoverPart, Source> = {
  clients: {
    table: 'clients',
    owner: 'primary_rm_id',
    columns: ['primary_rm_id', 'secondary_rm_id'],
    client: 'id',
    unfinished: 'true',
    order: 'sort_name, id'
  },
  secondary: {
    table: 'clients',
    owner: 'secondary_rm_id',
    columns: ['primary_rm_id', 'secondary_rm_id'],
    client: 'id',
    unfinished: 'true',
    order: 'sort_name, id'
  },
  contacts: {
    table: 'clients',
    owner: 'next_contact_by_id',
    columns: ['next_contact_by_id'],
    client: 'id',
    unfinished: 'true',
    order: 'next_contact_on, id'
  },
  leads: {
    table: 'leads',
    owner: 'conversion_rm_id',
    columns: ['conversion_rm_id', 'team_id'],
    client: 'null::bigint',
    unfinished: `status in ('new', 'wip')`,
    order: 'created_at, id'
  },
  queries: {
    table: 'queries',
    owner: 'rm_id',
    columns: ['rm_id', 'team_id'],
    client: 'client_id',
    unfinished: `status in ('open', 'in_progress')`,
    order: 'opened_at, id'
  },
  requests: {
    table: 'service_requests',
    owner: 'assignee_id',
    columns: ['assignee_id', 'team_id'],
    client: 'client_id',
    unfinished: `status in ('pending', 'in_progress')`,
    order: 'created_at, id'
  }
};

/** A record that is somebody's now. */
export interface Held {
  part: HandoverPart;
  id: number;
  clientId: number | null;
  belongs: Belongs;
}

const isHeldBy = ({ owner, unfinished }: Source, userId: number): SQL =>
  sql`t.${sql.raw(owner)} = ${userId} and ${sql.raw(unfinished)}`;

export const heldBy = (source: Source, userId: number): SQL =>
  sql`from ${sql.raw(source.table)} t where ${isHeldBy(source, userId)}`;

const belongsJson = ({ columns }: Source): SQL =>
  sql.raw(`jsonb_build_object(${columns.map((column) => `'${column}', t.${column}`).join(', ')})`);

/** What the person has of these parts and the actor sees, each part in the order in which it is spread. */
export async function heldOf(tx: Tx, parts: readonly HandoverPart[], userId: number): Promise<Held[]> {
  if (parts.length === 0) return [];
  const branches = HANDOVER_PARTS.filter((part) => parts.includes(part)).map((part, position) => {
    const source = SOURCES[part];
    return sql`(select ${sql.raw(`${position} as part_at, '${part}' as part, row_number() over (order by ${source.order}) as at`)},
      t.id, ${sql.raw(source.client)} as "clientId", ${belongsJson(source)} as belongs ${heldBy(source, userId)})`;
  });
  const rows = await tx.execute<Held & Record<string, unknown>>(sql`
    select h.part, h.id, h."clientId", h.belongs from (${sql.join(branches, sql` union all `)}) h order by h.part_at, h.at`);
  return [...rows];
}

/** The order in which many records at once are locked, see decision 0021. */
const LOCK_ORDER: Source['table'][] = ['queries', 'service_requests', 'leads', 'clients'];

/**
 * Keeps others from changing the records of these parts, until the transaction ends. `which` says of the parts that are
 * kept in one table, where that is `t`, which of its rows are meant; the records are locked by kind and id.
 */
export async function lockRecords(
  tx: Tx,
  parts: readonly HandoverPart[],
  which: (parts: HandoverPart[]) => SQL
): Promise<void> {
  for (const table of LOCK_ORDER) {
    const ofTable = parts.filter((part) => SOURCES[part].table === table);
    if (ofTable.length > 0)
      await tx.execute(
        sql`select t.id from ${sql.raw(table)} t where ${which(ofTable)} order by t.id for no key update of t`
      );
  }
}

/** Keeps others from changing what is about to be handed over, until the transaction ends. */
export const lockHeld = (tx: Tx, parts: readonly HandoverPart[], userId: number): Promise<void> =>
  lockRecords(tx, parts, (ofTable) =>
    sql.join(
      ofTable.map((part) => sql`(${isHeldBy(SOURCES[part], userId)})`),
      sql` or `
    )
  );
