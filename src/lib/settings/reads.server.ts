import { and, asc, eq } from 'drizzle-orm';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { firmSettings, listItems } from './schema.server.ts';

export type Firm = typeof firmSettings.$inferSelect;

/** The firm's settings. Throws where the database was never set up. */
export async function firmOf(tx: Tx): Promise<Firm> {
  const [firm] = await tx.select().from(firmSettings);
  if (!firm) throw new Error('The firm has no settings: the database was not set up');
  return firm;
}

/** The entries of a managed list that may be picked, in their order. */
export function listEntries(tx: Tx, list: (typeof listItems.$inferSelect)['list']) {
  return tx
    .select({ key: listItems.key, label: listItems.label })
    .from(listItems)
    .where(and(eq(listItems.list, list), eq(listItems.active, true)))
    .orderBy(asc(listItems.position), asc(listItems.label));
}
