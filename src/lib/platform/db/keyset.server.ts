import { RuleViolation } from '#lib/platform/errors.ts';

/** The sort values of the last row of a page; times as Postgres prints them, since a Date loses microseconds. */
export type Place = (string | number | null)[];

/** A place in a sorted list as an opaque text for the caller. */
export const encodeCursor = (place: Place): string =>
  Buffer.from(JSON.stringify(place)).toString('base64url');

/** Reads back what `encodeCursor` wrote; null without a cursor. Throws RuleViolation for anything else. */
export function decodeCursor(cursor: string | undefined, length: number): Place | null {
  if (cursor === undefined) return null;
  const place = parsed(cursor);
  const fits = Array.isArray(place) && place.length === length && place.every(isSortValue);
  if (!fits) throw new RuleViolation('This cursor does not belong to this list; start from its first page');
  return place as Place;
}

/** Cuts the row that was read beyond the page and says where the next page starts. */
export function pageOf<Row>(rows: Row[], limit: number, placeOf: (row: Row) => Place) {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, nextCursor: rows.length > limit && last ? encodeCursor(placeOf(last)) : null };
}

const isSortValue = (value: unknown) =>
  value === null || typeof value === 'string' || (typeof value === 'number' && Number.isFinite(value));

function parsed(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString()) as unknown;
  } catch {
    return null;
  }
}
