import { sql } from 'drizzle-orm';
import { idArray } from '#lib/platform/db/arrays.server.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';

/**
 * Keeps others from changing the open queries and requests of these clients until the transaction ends, as far as the
 * actor may edit the clients: for whoever is about to change tiers or tags, which note that work. Before the clients
 * are locked.
 */
export async function lockOpenWork(tx: Tx, clientIds: number[]): Promise<void> {
  await tx.execute(sql`select app.lock_open_work(${idArray(clientIds)})`);
}
