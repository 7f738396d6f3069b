import { sql, type SQLWrapper } from 'drizzle-orm';
import { HELD_LABELS, heldTitle } from '#lib/clients/held.ts';
import type { HistoryEntry } from '#lib/platform/audit/history.server.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { TARGET_LABELS, type HoldKind, type SubjectKind, type SubjectRef, type TargetName } from './model.ts';
import { jsonRows } from './rows.server.ts';
import { momentIn } from './wording.ts';

/** A change of a record with a title of its own. */
export interface TitledEntry extends HistoryEntry {
  title?: string;
}

export interface HoldRow {
  id: number;
  target: TargetName;
  kind: HoldKind;
  reason: string;
  at: string;
  until: string;
  timeZone: string;
  by: { id: number; name: string } | null;
}

const MOST = 200;

/** The latest holds on a record as a column, for `mergeHolds`; `id` is its id. */
export const holdsColumn = (kind: SubjectKind, id: SQLWrapper) => sql<HoldRow[]>`(
  select coalesce(json_agg(json_build_object('id', h.id, 'target', k.target, 'kind', h.kind, 'reason', h.reason,
    'at', h.created_at, 'until', h.until, 'timeZone', c.time_zone,
    'by', (select json_build_object('id', u.id, 'name', u.name) from users u where u.id = h.user_id))
    order by h.id desc), '[]'::json)
  from (select h.* from clock_holds h join clocks k on k.id = h.clock_id
    where k.subject_kind = ${kind} and k.subject_id = ${id} order by h.id desc limit ${MOST}) h
  join clocks k on k.id = h.clock_id join calendars c on c.id = k.calendar_id)`;

/**
 * The changes of a record with who took up its promises, let them wait or ended that, and why: newest first, under ids
 * below zero. Times are written in the zone of the promise's calendar.
 */
export function mergeHolds(history: HistoryEntry[], holds: HoldRow[]): TitledEntry[] {
  if (holds.length === 0) return history;
  return [...history, ...holds.map(entryOf)].sort((a, b) => b.at.getTime() - a.at.getTime());
}

/** As `mergeHolds`, with the holds read. */
export async function withHolds(
  tx: Tx,
  { kind, id }: SubjectRef,
  history: HistoryEntry[]
): Promise<TitledEntry[]> {
  const [holds = []] = await jsonRows<HoldRow[]>(tx, sql`select ${holdsColumn(kind, sql`${id}`)} as row`);
  return mergeHolds(history, holds);
}

function entryOf({ id, target, kind, reason, timeZone, by, ...row }: HoldRow): TitledEntry {
  const [at, until] = [new Date(row.at), new Date(row.until)];
  const what = TARGET_LABELS[target].toLowerCase();
  const entry = { id: -id, at, action: 'update' as const, oldValues: null, actor: by };
  const over = until <= at;
  const title = heldTitle({ kind, what, over });
  if (over) return { ...entry, title, newValues: null };
  return {
    ...{ ...entry, title },
    newValues: { [HELD_LABELS.reason]: reason, [HELD_LABELS.until]: momentIn(timeZone, until) }
  };
}
