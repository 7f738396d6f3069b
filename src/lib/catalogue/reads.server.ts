import { and, asc, count, desc, eq, sql } from 'drizzle-orm';
import { decodeCursor, pageOf } from '#lib/platform/db/keyset.server.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { NotFound } from '#lib/platform/errors.ts';
import type { ListProductsInput } from './model.ts';
import { products } from './schema.server.ts';

const columns = {
  id: products.id,
  name: products.name,
  sku: products.sku,
  category: products.category,
  description: products.description,
  price: products.price,
  currency: products.currency,
  schemeCode: products.schemeCode,
  isin: products.isin,
  active: products.active,
  createdAt: products.createdAt,
  updatedAt: products.updatedAt,
  version: products.version
};

const nameLike = (q: string) =>
  sql`lower(${products.name} || ' ' || coalesce(${products.sku}, '') || ' ' || coalesce(${products.schemeCode}, '')) like app.like_pattern(${q})`;

/** Products by name. The catalogue is open to everybody who may view it. */
export async function listProducts(tx: Tx, { filter = {}, cursor, limit = 50 }: ListProductsInput) {
  const place = decodeCursor(cursor, 2);
  const wanted = and(
    filter.q ? nameLike(filter.q) : undefined,
    filter.category === undefined ? undefined : eq(products.category, filter.category),
    filter.active === undefined ? undefined : eq(products.active, filter.active)
  );
  const beyond = place
    ? sql`(${products.name}, ${products.id}) > (${place[0]}, ${place[1]}::bigint)`
    : undefined;
  const [rows, [counts]] = await Promise.all([
    tx
      .select(columns)
      .from(products)
      .where(and(wanted, beyond))
      .orderBy(asc(products.name), asc(products.id))
      .limit(limit + 1),
    tx.select({ total: count() }).from(products).where(wanted)
  ]);
  const page = pageOf(rows, limit, (row) => [row.name, row.id]);
  return { ...page, total: counts?.total ?? 0, totalIsEstimate: false };
}

/** One product; NotFound when there is none. */
export async function productOf(tx: Tx, id: number) {
  const [row] = await tx.select(columns).from(products).where(eq(products.id, id));
  if (!row) throw new NotFound();
  return row;
}

/** Active products for a typeahead: names that begin with the text first. */
export function searchProducts(tx: Tx, { q, limit = 20 }: { q: string; limit?: number | undefined }) {
  const begins = sql`starts_with(lower(${products.name}), lower(${q}))`;
  return tx
    .select({ id: products.id, name: products.name, sku: products.sku, category: products.category })
    .from(products)
    .where(and(eq(products.active, true), q ? nameLike(q) : undefined))
    .orderBy(desc(begins), asc(products.name), asc(products.id))
    .limit(limit);
}
