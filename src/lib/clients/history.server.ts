import { sql } from 'drizzle-orm';
import { idArray } from '#lib/platform/db/arrays.server.ts';
import { decodeCursor, pageOf } from '#lib/platform/db/keyset.server.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { changesOf, titleOf, type ClientChange, type Names, type Recorded } from './history.ts';
import { clientOf } from './reads.server.ts';

export interface ClientHistoryEntry {
  id: number;
  at: Date;
  /** Null for what the system did. */
  by: { id: number; name: string } | null;
  /** What was done, after the name: `changed it`. */
  title: string;
  changes: ClientChange[];
}

interface Row extends Record<string, unknown>, Recorded {
  id: number;
  at: string;
  actorId: number | null;
  actorName: string | null;
}

/** The tables whose audit rows are filed under their client, with what is not worth telling left out. */
const filedUnder = (clientId: number) => sql`
  select a.id, a.at, a.table_name, a.action, a.old_values, a.new_values, a.actor_id from audit_log a
  where a.table_name in ('clients', 'client_contact_points', 'client_addresses', 'client_tags', 'client_merges')
  and a.row_id = ${clientId} and not (a.table_name = 'client_merges' and a.action <> 'insert')`;

/** Who took up a promise to the client, let it wait or ended that, as the audit trail would have it; under ids below zero. */
const holdsOn = (clientId: number) => sql`
  select -h.id, h.created_at, 'clock_holds', 'insert', null, jsonb_build_object('target', k.target, 'kind', h.kind,
    'reason', h.reason, 'until', h.until, 'over', h.until <= h.created_at), h.user_id
  from clocks k join clock_holds h on h.clock_id = k.id where k.subject_kind = 'client' and k.subject_id = ${clientId}`;

/**
 * Every change of a client and its parts, and who took up what was promised to it, newest first, in words. NotFound when
 * the client is hidden.
 */
export async function clientHistory(
  tx: Tx,
  {
    clientId,
    cursor,
    limit = 50
  }: { clientId: number; cursor?: string | undefined; limit?: number | undefined }
) {
  const place = decodeCursor(cursor, 2);
  const { id, number, name } = await clientOf(tx, clientId);
  const rows = await tx.execute<Row>(sql`
    select a.id, a.at, a.table_name as "table", a.action, a.old_values as "oldValues", a.new_values as "newValues",
      a.actor_id as "actorId", u.name as "actorName"
    from (${filedUnder(clientId)} union all ${holdsOn(clientId)}) a left join users u on u.id = a.actor_id
    ${place ? sql`where (a.at, a.id) < (${place[0]}::timestamptz, ${Number(place[1])}::bigint)` : sql``}
    order by a.at desc, a.id desc limit ${limit + 1}`);
  const page = pageOf([...rows], limit, ({ at, id }) => [at, id]);
  const names = await namesFor(tx, page.items);
  return {
    client: { id, number, name },
    items: page.items.map((row) => entry(row, names)).filter(told),
    nextCursor: page.nextCursor
  };
}

const entry = (row: Row, names: Names): ClientHistoryEntry & { action: string } => ({
  id: row.id,
  at: new Date(row.at),
  by: row.actorId === null ? null : { id: row.actorId, name: row.actorName ?? '' },
  title: titleOf(row, names),
  changes: changesOf(row, names),
  action: row.action
});

/** An update that says nothing in words was the database's own. */
const told = ({ action, changes }: { action: string; changes: ClientChange[] }) =>
  action !== 'update' || changes.length > 0;

const PEOPLE = ['primary_rm_id', 'secondary_rm_id', 'next_contact_by_id'];

async function namesFor(tx: Tx, rows: Row[]): Promise<Names> {
  const ids = rows
    .flatMap(({ oldValues, newValues }) =>
      PEOPLE.flatMap((column) => [oldValues?.[column], newValues?.[column]])
    )
    .filter((id) => typeof id === 'number');
  const found = await tx.execute<{ key: string; name: string }>(sql`
    select 'user:' || id as key, name from users where id = any (${idArray([...new Set(ids)])})
    union all select list || ':' || key, label from list_items where list in ('client_type', 'client_tier')`);
  const people = found.filter(({ key }) => key.startsWith('user:'));
  return {
    users: new Map(people.map(({ key, name }) => [Number(key.slice('user:'.length)), name])),
    lists: new Map(found.map(({ key, name }) => [key, name]))
  };
}

export interface RmPeriod {
  role: 'primary' | 'secondary';
  /** Null while it was nobody’s. */
  person: { id: number; name: string };
  from: Date;
  /** Null for the present one. */
  to: Date | null;
}

interface Handover extends Record<string, unknown> {
  at: string;
  role: 'primary' | 'secondary';
  id: number | null;
  name: string | null;
}

/** Who looked after the client from when to when, the latest first; read off the audit trail. */
export async function rmPeriods(tx: Tx, clientId: number): Promise<RmPeriod[]> {
  const rows = await tx.execute<Handover>(sql`
    select case when a.action = 'insert' then c.created_at else a.at end as at, r.role, u.id, u.name
    from audit_log a join clients c on c.id = a.row_id
      cross join (values ('primary', 'primary_rm_id'), ('secondary', 'secondary_rm_id')) r(role, field)
      left join users u on u.id = (a.new_values ->> r.field)::bigint
    where a.table_name = 'clients' and a.row_id = ${clientId} and a.action in ('insert', 'update')
      and (a.new_values ? r.field or a.old_values ? r.field)
    order by r.role, a.id`);
  return (['primary', 'secondary'] as const)
    .flatMap((role) => periodsOf(rows.filter((row) => row.role === role)))
    .sort((one, other) => other.from.getTime() - one.from.getTime());
}

function periodsOf(handovers: Handover[]): RmPeriod[] {
  return handovers.flatMap(({ at, role, id, name }, place) => {
    const next = handovers[place + 1];
    if (id === null || name === null) return [];
    return [{ role, person: { id, name }, from: new Date(at), to: next ? new Date(next.at) : null }];
  });
}
