import { and, sql, type SQL } from 'drizzle-orm';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import type { AuditAction } from '#lib/platform/audit/actions.ts';
import { decodeCursor, pageOf } from '#lib/platform/db/keyset.server.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { NotFound, RuleViolation } from '#lib/platform/errors.ts';
import { AUDIT_KINDS, AUDIT_KIND_NAMES, kindOfTable, partOf, type AuditKindName } from './audit-kinds.ts';
import type { AuditEntry, AuditFilter } from './audit-model.ts';
import { namesOf } from './audit-names.server.ts';
import { auditChanges, referenceOf, toldColumns } from './audit-words.ts';

interface Row extends Record<string, unknown> {
  id: number;
  at: string;
  table: string;
  rowId: number | null;
  action: AuditAction;
  oldValues: Record<string, unknown> | null;
  newValues: Record<string, unknown> | null;
  byId: number | null;
}

const COUNTED = 1000;

interface Listing {
  filter?: AuditFilter | undefined;
  cursor?: string | undefined;
  limit?: number | undefined;
}

/** The audit trail, newest first, as far as the actor sees the records it is about. */
export async function listAudit(tx: Tx, { filter = {}, cursor, limit = 50 }: Listing) {
  const where = matching(filter);
  const rows = await tx.execute<Row>(sql`
    select a.id, a.at::text as at, a.table_name as "table", a.row_id as "rowId", a.action,
      a.old_values as "oldValues", a.new_values as "newValues", a.actor_id as "byId"
    from audit_log a where ${and(where, beyond(cursor)) ?? sql`true`}
    order by a.at desc, a.id desc limit ${limit + 1}`);
  const { items, nextCursor } = pageOf([...rows], limit, ({ at, id }) => [at, id]);
  return { items: await inWords(tx, items), nextCursor };
}

/** How many entries there are: exact up to a thousand, then as the planner guesses. */
export async function countAudit(tx: Tx, { seesAll }: Pick<Actor, 'seesAll'>, filter: AuditFilter = {}) {
  const all = sql`select 1 from audit_log a where ${matching(filter) ?? sql`true`}`;
  const [row] = await tx.execute<{ n: number }>(
    sql`select count(*)::int as n from (${all} limit ${COUNTED + 1}) f`
  );
  const total = row?.n ?? 0;
  if (total <= COUNTED) return { total, totalIsEstimate: false };
  const [plan] = await tx.execute<{ 'QUERY PLAN': [{ Plan: { 'Plan Rows': number } }] }>(
    sql`explain (format json) ${all}`
  );
  // The policy of administrators is one yes or no, which the planner takes for half of the rows.
  const guessed = (plan?.['QUERY PLAN'][0].Plan['Plan Rows'] ?? 0) * (seesAll ? 2 : 1);
  return { total: Math.max(total, guessed), totalIsEstimate: true };
}

/** One entry with all that changed. NotFound also for what the actor does not see. */
export async function auditById(tx: Tx, id: number): Promise<AuditEntry> {
  const rows = await tx.execute<Row>(sql`
    select a.id, a.at::text as at, a.table_name as "table", a.row_id as "rowId", a.action,
      a.old_values as "oldValues", a.new_values as "newValues", a.actor_id as "byId"
    from audit_log a where a.id = ${id}`);
  const [entry] = await inWords(tx, [...rows]);
  if (!entry) throw new NotFound();
  return entry;
}

/** Everybody there is or was, by name. */
export async function auditPeople(tx: Tx): Promise<{ id: number; name: string; active: boolean }[]> {
  return [
    ...(await tx.execute<{ id: number; name: string; active: boolean }>(
      sql`select id, name, active from users order by active desc, lower(name), id limit 2000`
    ))
  ];
}

/** Written out and not handed over, so that the planner sees which partial index holds them. */
const literal = (text: string) => sql.raw(`'${text.replaceAll("'", "''")}'`);

const amongTables = (tables: readonly string[]): SQL =>
  sql`a.table_name in (${sql.join(tables.map(literal), sql`, `)})`;

const dayStart = (day: string, later: number) =>
  sql`(select (${day}::date + ${later}::int)::timestamp at time zone f.time_zone from firm_settings f)`;

function matching({ byId, kind, recordId, action, from, to }: AuditFilter): SQL | undefined {
  const kinds = kind ? [kind] : recordId === undefined ? [] : AUDIT_KIND_NAMES;
  const tables = kinds.flatMap((name) => [...AUDIT_KINDS[name].tables]);
  return and(
    byId === undefined ? undefined : byId === 0 ? sql`a.actor_id is null` : sql`a.actor_id = ${byId}`,
    tables.length > 0 ? amongTables(tables) : undefined,
    recordId === undefined ? undefined : sql`a.row_id = ${recordId}`,
    action ? sql`a.action = ${literal(action)}` : undefined,
    from ? sql`a.at >= ${dayStart(from, 0)}` : undefined,
    to ? sql`a.at < ${dayStart(to, 1)}` : undefined
  );
}

const TIME = /^\d{4,6}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,6})?[+-]\d\d(:\d\d){0,2}$/;

function beyond(cursor: string | undefined): SQL | undefined {
  const place = decodeCursor(cursor, 2);
  if (!place) return undefined;
  const [at, id] = place;
  if (typeof at !== 'string' || !TIME.test(at) || !Number.isSafeInteger(id))
    throw new RuleViolation('This cursor does not belong to this list; start from its first page');
  return sql`(a.at, a.id) < (${at}::timestamptz, ${id}::bigint)`;
}

const recordReference = ({ table, rowId }: Row) => {
  const kind = kindOfTable(table);
  return kind && rowId !== null ? `${kind}:${rowId}` : undefined;
};

function referencesIn(row: Row): string[] {
  const { table, oldValues, newValues, byId } = row;
  const named = toldColumns(oldValues, newValues).flatMap((column) => [
    referenceOf(table, column, oldValues?.[column]),
    referenceOf(table, column, newValues?.[column])
  ]);
  return [recordReference(row), byId === null ? undefined : `user:${byId}`, ...named].filter(
    (reference) => reference !== undefined
  );
}

async function inWords(tx: Tx, rows: Row[]): Promise<AuditEntry[]> {
  const names = await namesOf(tx, rows.flatMap(referencesIn));
  return rows.map((row) => {
    const kind = kindOfTable(row.table) ?? null;
    return {
      id: row.id,
      at: new Date(row.at),
      action: row.action,
      by: row.byId === null ? null : { id: row.byId, name: names.get(`user:${row.byId}`) ?? '' },
      kind,
      part: partOf(row.table),
      record: kind && recordOf(kind, row, names),
      changes: auditChanges(row, names)
    };
  });
}

/** A record that is gone, or hidden, keeps the name it had where the entry tells it. */
function recordOf(kind: AuditKindName, row: Row, names: Map<string, string>) {
  if (row.rowId === null) return null;
  const known = names.get(`${kind}:${row.rowId}`);
  const own = AUDIT_KINDS[kind].tables[0] === row.table;
  const had = own ? (row.oldValues?.name ?? row.newValues?.name ?? row.newValues?.number) : undefined;
  const label = known ?? (typeof had === 'string' ? had : `No. ${row.rowId}`);
  return { id: row.rowId, label, href: known ? AUDIT_KINDS[kind].href(row.rowId) : '' };
}
