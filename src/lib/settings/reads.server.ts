import { asc, eq } from 'drizzle-orm';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { LISTS, type ListName } from './model.ts';
import { firmSettings, listItems } from './schema.server.ts';

export type Firm = typeof firmSettings.$inferSelect;

/** The firm's settings. Throws where the database was never set up. */
export async function firmOf(tx: Tx): Promise<Firm> {
  const [firm] = await tx.select().from(firmSettings);
  if (!firm) throw new Error('The firm has no settings: the database was not set up');
  return firm;
}

/** Every managed list with the entries that may be picked, in their order. */
export async function activeLists(tx: Tx): Promise<Record<ListName, { key: string; label: string }[]>> {
  const rows = await tx
    .select({ list: listItems.list, key: listItems.key, label: listItems.label })
    .from(listItems)
    .where(eq(listItems.active, true))
    .orderBy(asc(listItems.position), asc(listItems.label));
  const of = (list: ListName) =>
    rows.filter((row) => row.list === list).map(({ key, label }) => ({ key, label }));
  return Object.fromEntries(LISTS.map((list) => [list, of(list)])) as Record<ListName, ReturnType<typeof of>>;
}
