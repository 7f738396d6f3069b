import { sql } from 'drizzle-orm';
import { boolean, date, index, numeric, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { amount, condition, createdAt, identity, oneOf, version } from '#lib/platform/db/columns.server.ts';
import { granted, visibleBy } from '#lib/platform/db/policies.server.ts';
import { PRODUCT_KINDS, SCHEME_TYPES } from './kinds.ts';

const managed = granted('catalogue.manage');

/** What is sold: a fund scheme, a policy, a device, a part, a repair. Everybody sees it. */
export const products = pgTable(
  'products',
  {
    id: identity(),
    name: text().notNull(),
    /** The name without case, spaces and punctuation: what imports of things that are no schemes match on. */
    nameKey: text().notNull(),
    kind: text({ enum: PRODUCT_KINDS }).notNull().default('other'),
    sku: text().unique(),
    /** An entry of the managed list, or what an import found. */
    category: text(),
    description: text(),
    price: amount(),
    currency: text().notNull().default('INR'),
    /** A scheme is matched by its code; two of them may share a name. */
    schemeCode: text().unique(),
    /** Of growth or payout. */
    isin: text(),
    isinReinvestment: text(),
    fundHouse: text(),
    schemeType: text({ enum: SCHEME_TYPES }),
    /** As the list of all schemes names it. */
    schemeCategory: text(),
    nav: numeric({ precision: 20, scale: 8 }),
    /** The day of the net asset value; also of one that was not published. */
    navOn: date({ mode: 'string' }),
    active: boolean().notNull().default(true),
    createdAt: createdAt(),
    updatedAt: createdAt(),
    version: version()
  },
  (t) => [
    oneOf('products_kind', t.kind, PRODUCT_KINDS),
    oneOf('products_scheme_type', t.schemeType, SCHEME_TYPES),
    uniqueIndex('products_own_name')
      .on(t.nameKey)
      .where(sql`scheme_code is null`),
    index('products_name').on(t.name, t.id),
    index('products_search').using(
      'gin',
      sql.raw(
        'app.product_search_text(name, sku, scheme_code, isin, isin_reinvestment, fund_house) gin_trgm_ops'
      )
    ),
    ...visibleBy('products', {
      read: condition('(select app.acting_user_id()) is not null'),
      change: managed,
      remove: managed
    })
  ]
);
