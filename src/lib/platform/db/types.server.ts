import { makePgArray, parsePgArray } from 'drizzle-orm/pg-core';
import type { PostgresType } from 'postgres';

/** Our ids are bigints and stay far below 2^53; whatever is larger remains text. */
function parseBigint(text: string): number | string {
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : text;
}

function parseArray(text: string, element: (text: string) => unknown): unknown[] {
  return (parsePgArray(text) as (string | unknown[])[]).map((value) =>
    typeof value === 'string' ? element(value) : value
  );
}

function arrayType(oid: number, element: (text: string) => unknown): PostgresType {
  return {
    to: oid,
    from: [oid],
    parse: (text: string) => parseArray(text, element),
    serialize: (value: unknown) => (Array.isArray(value) ? makePgArray(value) : String(value))
  };
}

const asText = (text: string) => text;

/**
 * The types beyond the driver's own. Arrays are listed here because the driver would otherwise ask the server
 * for them on each new connection, in a promise nobody can catch when that connection is cut.
 */
export const wireTypes: Record<string, PostgresType> = {
  bigint: { to: 20, from: [20], parse: parseBigint, serialize: String },
  booleanArray: arrayType(1000, (text) => text === 't'),
  smallintArray: arrayType(1005, Number),
  integerArray: arrayType(1007, Number),
  bigintArray: arrayType(1016, parseBigint),
  realArray: arrayType(1021, Number),
  doubleArray: arrayType(1022, Number),
  textArray: arrayType(1009, asText),
  varcharArray: arrayType(1015, asText),
  uuidArray: arrayType(2951, asText)
};

/** Drizzle hands timestamps over as text; a Date written into a raw `sql` template arrives here as it is. */
export const instantToWire = (value: unknown) => (value instanceof Date ? value.toISOString() : value);

/** Type numbers of date, timestamp and timestamptz. */
export const INSTANT_TYPES = [1082, 1114, 1184];
