import { sql, type SQL } from 'drizzle-orm';

/** Ids as a Postgres array, also when there are none: `in ()` would be a syntax error. */
export function idArray(ids: number[]): SQL {
  if (!ids.every(Number.isSafeInteger)) throw new TypeError('Ids must be whole numbers');
  return sql.raw(`'{${ids.join(',')}}'::bigint[]`);
}
