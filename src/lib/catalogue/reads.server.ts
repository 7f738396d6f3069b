import { and, eq, or, sql, type SQL } from 'drizzle-orm';
import { historyOf } from '#lib/platform/audit/history.server.ts';
import { may, type Actor } from '#lib/platform/auth/permissions.ts';
import { findOwned } from '#lib/platform/db/owned.server.ts';
import { after, orderOf, pageOf, sortKeyText, type SortKey } from '#lib/platform/db/sorting.server.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { NotFound } from '#lib/platform/errors.ts';
import type { ListProductsInput, ProductSort } from './model.ts';
import { products } from './schema.server.ts';

/** The managed list's words, where the category is one of its entries. */
const categoryLabel = sql<string | null>`coalesce((select i.label from list_items i
  where i.list = 'product_category' and i.key = ${products.category}), ${products.category}, ${products.schemeCategory})`;

const listColumns = {
  id: products.id,
  name: products.name,
  kind: products.kind,
  sku: products.sku,
  category: products.category,
  /** What to show for it; for schemes without one, what their list calls them. */
  categoryLabel,
  price: products.price,
  currency: products.currency,
  schemeCode: products.schemeCode,
  fundHouse: products.fundHouse,
  nav: products.nav,
  navOn: products.navOn,
  active: products.active,
  createdAt: products.createdAt,
  version: products.version
};

const columns = {
  ...listColumns,
  description: products.description,
  isin: products.isin,
  isinReinvestment: products.isinReinvestment,
  schemeType: products.schemeType,
  schemeCategory: products.schemeCategory,
  updatedAt: products.updatedAt
};

const SORTS = {
  name: { by: products.name, type: 'text', nullable: false, descending: false },
  fundHouse: { by: products.fundHouse, type: 'text', nullable: true, descending: false },
  nav: { by: products.nav, type: 'numeric', nullable: true, descending: true },
  navOn: { by: products.navOn, type: 'date', nullable: true, descending: true },
  created: { by: products.createdAt, type: 'timestamptz', nullable: false, descending: true }
} as const satisfies Record<ProductSort, SortKey>;

/** More matches of a search than this are not listed: it was too short to mean anything. */
const MOST_FOUND = 1000;

function matching({ q, kind, category, fundHouse, active }: NonNullable<ListProductsInput['filter']>) {
  return and(
    q ? sql`${products.id} in (select f.id from app.find_products(${q}, ${MOST_FOUND}, true) f)` : undefined,
    kind === undefined ? undefined : eq(products.kind, kind),
    category === undefined
      ? undefined
      : or(eq(products.category, category), eq(products.schemeCategory, category)),
    fundHouse === undefined ? undefined : eq(products.fundHouse, fundHouse),
    active === undefined ? undefined : eq(products.active, active)
  );
}

/** A page of the catalogue, by name unless told otherwise. It is open to everybody who may view it. */
export async function listProducts(tx: Tx, { filter = {}, sort, cursor, limit = 50 }: ListProductsInput) {
  const usual = SORTS[sort?.by ?? 'name'];
  const key: SortKey = sort?.direction ? { ...usual, descending: sort.direction === 'desc' } : usual;
  const wanted: SQL | undefined = matching(filter);
  const found = await findOwned(tx, {
    table: products,
    id: products.id,
    filter: wanted,
    owners: [],
    seesAll: false
  });
  const rows = await tx
    .select({ ...listColumns, cursorKey: sortKeyText(key) })
    .from(products)
    .where(and(found.where, after(key, products.id, cursor)))
    .orderBy(...orderOf(key, products.id))
    .limit(limit + 1);
  return pageOf(rows, limit, found);
}

/** One product; NotFound when there is none. */
export async function productOf(tx: Tx, id: number) {
  const [row] = await tx.select(columns).from(products).where(eq(products.id, id));
  if (!row) throw new NotFound();
  return row;
}

/** Everything for a product's page, and what the actor can do with it. */
export async function productRecord(tx: Tx, actor: Actor, id: number) {
  const [product, history] = await Promise.all([productOf(tx, id), historyOf(tx, 'products', id)]);
  return { ...product, history, can: { manage: may(actor, 'catalogue.manage') } };
}

const found = {
  id: products.id,
  name: products.name,
  sku: products.sku,
  category: products.category,
  schemeCode: products.schemeCode,
  fundHouse: products.fundHouse,
  currency: products.currency,
  nav: products.nav
};

/** Active products for a typeahead, best first: by name, SKU, scheme code, ISIN and fund house, misspelt too. */
export async function searchProducts(tx: Tx, { q, limit = 20 }: { q: string; limit?: number | undefined }) {
  if (!q)
    return tx
      .select(found)
      .from(products)
      .where(eq(products.active, true))
      .orderBy(products.name, products.id)
      .limit(limit);
  const ranked = sql`app.find_products(${q}, ${limit}, false)`;
  return tx
    .select(found)
    .from(sql`${ranked} as ranked`)
    .innerJoin(products, sql`${products.id} = ranked.id`)
    .orderBy(sql`ranked.rank desc`, products.name, products.id);
}

interface Option extends Record<string, unknown> {
  value: string;
  label: string;
}

/** What the list can be narrowed to: the categories and fund houses there are, and the managed categories. */
export async function productChoices(tx: Tx) {
  const [categories, managed, houses] = await Promise.all([
    tx.execute<Option>(sql`
      select c.value, coalesce(i.label, c.value) as label
      from (select category as value from products where category is not null
        union select scheme_category from products where scheme_category is not null) c
      left join list_items i on i.list = 'product_category' and i.key = c.value
      order by lower(coalesce(i.label, c.value))`),
    tx.execute<Option>(sql`
      select i.key as value, i.label from list_items i
      where i.list = 'product_category' and i.active order by i.position, i.label`),
    tx.execute<{ house: string }>(sql`
      select distinct fund_house as house from products where fund_house is not null order by 1`)
  ]);
  return { categories: [...categories], managed: [...managed], fundHouses: houses.map(({ house }) => house) };
}
