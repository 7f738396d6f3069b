import { sql, type AnyColumn, type SQL } from 'drizzle-orm';
import { RuleViolation } from '#lib/platform/errors.ts';
import { decodeCursor, encodeCursor } from './keyset.server.ts';

/** What a list is sorted by, beside the id that makes the order total. Nulls come last either way. */
export interface SortKey {
  by: AnyColumn | SQL;
  /** The key's type in Postgres: cursors carry it as text, so that a time keeps its microseconds. */
  type: 'timestamptz' | 'date' | 'numeric' | 'int' | 'text';
  nullable: boolean;
  descending: boolean;
}

export const sortKeyText = ({ by }: SortKey) => sql<string | null>`${by}::text`;

export function orderOf({ by, descending }: SortKey, id: AnyColumn): SQL[] {
  const direction = sql.raw(descending ? 'desc nulls last' : 'asc');
  return [sql`${by} ${direction}`, sql`${id} ${direction}`];
}

const SHAPES: Record<SortKey['type'], RegExp> = {
  timestamptz: /^\d{4,6}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,6})?[+-]\d\d(:\d\d){0,2}$/,
  date: /^\d{4,6}-\d\d-\d\d$/,
  numeric: /^-?\d{1,20}(\.\d{1,8})?$/,
  int: /^-?\d{1,9}$/,
  text: /^[^\0]*$/
};

/** The rows behind the cursor, in the order of `orderOf`. Throws RuleViolation for a cursor of another list. */
export function after(sort: SortKey, id: AnyColumn, cursor: string | undefined): SQL | undefined {
  const place = decodeCursor(cursor, 2);
  if (!place) return undefined;
  const [key, lastId] = place;
  const fits = key === null ? sort.nullable : typeof key === 'string' && SHAPES[sort.type].test(key);
  if (!fits || !Number.isSafeInteger(lastId)) {
    throw new RuleViolation('This cursor does not belong to this list; start from its first page');
  }
  const than = sql.raw(sort.descending ? '<' : '>');
  if (key === null) return sql`(${sort.by} is null and ${id} ${than} ${lastId}::bigint)`;
  const behind = sql`(${sort.by}, ${id}) ${than} (${key}::${sql.raw(sort.type)}, ${lastId}::bigint)`;
  return sort.nullable ? sql`(${behind} or ${sort.by} is null)` : behind;
}

interface Keyed {
  id: number;
  cursorKey: string | null;
}

export interface Page<Item> {
  items: Item[];
  nextCursor: string | null;
  total: number;
  totalIsEstimate: boolean;
}

/** A page of rows that were read with one more than the limit. */
export function pageOf<Row extends Keyed>(
  rows: Row[],
  limit: number,
  { total, totalIsEstimate }: { total: number; totalIsEstimate: boolean }
): Page<Omit<Row, 'cursorKey'>> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const nextCursor = last && rows.length > limit ? encodeCursor([last.cursorKey, last.id]) : null;
  return { items: shown.map(({ cursorKey: _, ...item }) => item), nextCursor, total, totalIsEstimate };
}
