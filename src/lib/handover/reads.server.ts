import { sql, type SQL } from 'drizzle-orm';
import type { z } from 'zod';
import { inScope, may, type Actor } from '#lib/platform/auth/permissions.ts';
import { decodeCursor, pageOf } from '#lib/platform/db/keyset.server.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { NotFound } from '#lib/platform/errors.ts';
import { labelsOf } from './labels.server.ts';
import { heldBy, SOURCES } from './sources.server.ts';
import {
  HANDOVER_PARTS,
  PART_PERMISSIONS,
  UNDO_HOURS,
  type HandoverByIdInput,
  type handoverListInput,
  type HandoverPart,
  type UndoOutcome,
  type WorkCounts
} from './model.ts';

interface HandoverRow extends Record<string, unknown> {
  id: number;
  number: string;
  from: { id: number; name: string };
  to: { id: number; name: string }[];
  by: { id: number; name: string };
  parts: HandoverPart[];
  counts: WorkCounts;
  note: string | null;
  createdAt: Date;
  undoneAt: Date | null;
  undoneBy: string | null;
  restored: number | null;
  undoUntil: Date;
  inTime: boolean;
}

const person = (column: SQL) =>
  sql`(select jsonb_build_object('id', u.id, 'name', u.name) from users u where u.id = ${column})`;

const facts = sql`h.id, h.number, ${person(sql`h.from_id`)} as "from", ${person(sql`h.by_id`)} as by,
  (select coalesce(jsonb_agg(jsonb_build_object('id', u.id, 'name', u.name) order by u.name), '[]')
    from users u where u.id = any (h.to_ids)) as "to",
  h.parts, h.counts, h.note, h.created_at as "createdAt", h.undone_at as "undoneAt", h.restored,
  (select u.name from users u where u.id = h.undone_by_id) as "undoneBy",
  h.created_at + make_interval(hours => ${UNDO_HOURS}) as "undoUntil",
  h.created_at >= now() - make_interval(hours => ${UNDO_HOURS}) as "inTime"`;

/**
 * What somebody holds and the actor sees: clients as first and second point of contact, planned contacts, open leads,
 * queries and requests.
 */
export async function openWorkOf(tx: Tx, userId: number): Promise<WorkCounts> {
  const counts = HANDOVER_PARTS.map(
    (part) => sql`(select count(*)::int ${heldBy(SOURCES[part], userId)}) as ${sql.identifier(part)}`
  );
  const [row] = await tx.execute<WorkCounts & Record<string, unknown>>(
    sql`select ${sql.join(counts, sql`, `)}`
  );
  if (!row) throw new Error('No answer');
  return row;
}

/** Handovers the actor sees, newest first. */
export async function listHandovers(tx: Tx, { cursor, limit = 50 }: z.infer<typeof handoverListInput>) {
  const place = decodeCursor(cursor, 1);
  const after = place ? sql`where h.id < ${Number(place[0])}` : sql``;
  const rows = await tx.execute<HandoverRow>(
    sql`select ${facts} from handovers h ${after} order by h.id desc limit ${limit + 1}`
  );
  const [count] = await tx.execute<{ total: number }>(sql`select count(*)::int as total from handovers`);
  const page = pageOf(rows.map(withDates), limit, ({ id }) => [id]);
  return { ...page, total: count?.total ?? 0, totalIsEstimate: false };
}

const ITEMS_PAGE = 100;

/** One handover with a page of the records of one part; names only of those the actor sees. Throws NotFound. */
export async function handoverById(tx: Tx, actor: Actor, { id, part, kept, cursor }: HandoverByIdInput) {
  const [row] = await tx.execute<HandoverRow>(sql`select ${facts} from handovers h where h.id = ${id}`);
  if (!row) throw new NotFound();
  const handover = withDates(row);
  const groups = await groupsOf(tx, id);
  const shown = part ?? HANDOVER_PARTS.find((each) => groups.some((group) => group.part === each)) ?? null;
  const place = decodeCursor(cursor, 1);
  const people = [handover.from.id, ...handover.to.map((each) => each.id)];
  const permissions = handover.parts.map((each) => PART_PERMISSIONS[each]);
  const mine = permissions.every((each) =>
    people.every((userId) => inScope(actor, each, { userIds: [userId] }))
  );
  return {
    ...handover,
    groups,
    part: shown,
    records: shown
      ? await itemsOf(tx, { id, part: shown, kept, after: place ? Number(place[0]) : 0 })
      : { items: [], nextCursor: null },
    can: { undo: may(actor, 'clients.handover') && mine && !handover.undoneAt && handover.inTime }
  };
}

export type HandoverRecord = Awaited<ReturnType<typeof handoverById>>;

interface Group extends Record<string, unknown> {
  part: HandoverPart;
  toId: number;
  count: number;
  restored: number;
  left: number;
}

/** How much of each part went to whom. */
async function groupsOf(tx: Tx, id: number): Promise<Group[]> {
  const rows = await tx.execute<Group>(sql`
    select i.part, i.to_id as "toId", count(*)::int as count,
      count(*) filter (where i.outcome = 'restored')::int as restored,
      count(*) filter (where i.outcome <> 'restored')::int as "left"
    from handover_items i where i.handover_id = ${id} group by i.part, i.to_id order by i.to_id`);
  return [...rows];
}

interface Wanted {
  id: number;
  part: HandoverPart;
  kept: boolean | undefined;
  after: number;
}

async function itemsOf(tx: Tx, { id, part, kept, after }: Wanted) {
  const left = kept ? sql`and i.outcome <> 'restored'` : sql``;
  const rows = await tx.execute<{
    id: number;
    recordId: number;
    toId: number;
    outcome: UndoOutcome | null;
  }>(sql`
    select i.id, i.record_id as "recordId", i.to_id as "toId", i.outcome from handover_items i
    where i.handover_id = ${id} and i.part = ${part} and i.id > ${after} ${left} order by i.id limit ${ITEMS_PAGE + 1}`);
  const { items, nextCursor } = pageOf([...rows], ITEMS_PAGE, (row) => [row.id]);
  const labels = await labelsOf(
    tx,
    part,
    items.map(({ recordId }) => recordId)
  );
  return { items: items.map((item) => ({ ...item, label: labels.get(item.recordId) ?? null })), nextCursor };
}

/** Times of a statement written by hand arrive as text. */
function withDates(row: HandoverRow): HandoverRow {
  const { createdAt, undoneAt, undoUntil } = row;
  return {
    ...row,
    createdAt: new Date(createdAt),
    undoneAt: undoneAt && new Date(undoneAt),
    undoUntil: new Date(undoUntil)
  };
}
