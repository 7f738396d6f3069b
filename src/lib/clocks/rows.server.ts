import type { SQL } from 'drizzle-orm';
import type { Tx } from '#lib/platform/db/transactions.server.ts';

/** Rows of a statement whose only column is a JSON object called `row`; times in it are ISO text. */
export async function jsonRows<Row>(tx: Tx, statement: SQL): Promise<Row[]> {
  const found = await tx.execute<{ row: Row }>(statement);
  return [...found].map(({ row }) => row);
}
