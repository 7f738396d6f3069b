import { asc, eq, sql } from 'drizzle-orm';
import { NotFound } from '#lib/platform/errors.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { LISTS, type ListName } from './model.ts';
import { firmLogos, firmSettings, listItems } from './schema.server.ts';

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

/** The picture with this hash as base64. NotFound when it is not the firm's logo any more. Runs in the gate. */
export async function readLogo(tx: Tx, hash: string): Promise<{ mimeType: string; data: string }> {
  const [logo] = await tx
    .select({
      mimeType: firmLogos.mimeType,
      data: sql<string>`translate(encode(${firmLogos.bytes}, 'base64'), E'\n', '')`
    })
    .from(firmLogos)
    .where(eq(firmLogos.hash, hash));
  if (!logo) throw new NotFound();
  return logo;
}

/** What people see before they sign in. Runs in the gate. */
export async function brandOf(tx: Tx): Promise<{ name: string; logoRef: string | null } | null> {
  const [brand] = await tx
    .select({ name: firmSettings.name, logoRef: firmSettings.logoRef })
    .from(firmSettings);
  return brand ?? null;
}
