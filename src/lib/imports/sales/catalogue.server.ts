import { and, inArray, isNull } from 'drizzle-orm';
import { products } from '#lib/catalogue/schema.server.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { tally, type Tally } from '../report.ts';
import type { Product } from './model.ts';

export interface Catalogue {
  /** Product ids by name key. */
  ids: Map<string, number>;
  tally: Tally;
}

/** Adds the products whose name key the catalogue does not know; fund schemes are none of them. */
export async function writeProducts(tx: Tx, wanted: Product[], currency: string): Promise<Catalogue> {
  if (wanted.length === 0) return { ids: new Map(), tally: tally(0, 0) };
  const keys = wanted.map(({ key }) => key);
  const columns = { id: products.id, key: products.nameKey };
  const found = await tx
    .select(columns)
    .from(products)
    .where(and(inArray(products.nameKey, keys), isNull(products.schemeCode)));
  const ids = new Map(found.map(({ id, key }) => [key, id]));
  const fresh = wanted.filter(({ key }) => !ids.has(key));
  if (fresh.length > 0) {
    const added = await tx
      .insert(products)
      .values(
        fresh.map(({ name, key, series, price }) => ({
          name,
          nameKey: key,
          category: series,
          price,
          currency
        }))
      )
      .returning(columns);
    for (const { id, key } of added) ids.set(key, id);
  }
  return { ids, tally: tally(wanted.length, fresh.length) };
}
