import { sql } from 'drizzle-orm';
import type { Tx } from '#lib/platform/db/transactions.server.ts';

/**
 * Those who name policies, or calendars, wait for each other until the transaction ends. To be called before any row
 * is locked: whoever adds a policy locks all of its kind next.
 */
export async function lockNames(tx: Tx, of: 'policies' | 'calendars'): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtext(${`names of ${of}`}))`);
}

/**
 * Another row whose name people would take for this one: letters and spaces do not tell them apart. None where the
 * row `id` is called so already, since firms may have two of a name from before.
 */
export function takenBy<Row extends { id: number; name: string }>(
  rows: readonly Row[],
  name: string,
  id?: number
): Row | undefined {
  const same = rows.filter((row) => folded(row.name) === folded(name));
  return same.some((row) => row.id === id) ? undefined : same[0];
}

const folded = (name: string) => name.trim().toLocaleLowerCase('en').replaceAll(/\s+/g, ' ');
