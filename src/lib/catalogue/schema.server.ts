import { boolean, index, pgTable, text } from 'drizzle-orm/pg-core';
import { amount, createdAt, identity, version } from '#lib/platform/db/columns.server.ts';

/** What is sold: a fund scheme, a policy, a device, a part, a repair. */
export const products = pgTable(
  'products',
  {
    id: identity(),
    name: text().notNull(),
    /** The name without case, spaces and punctuation: what imports match on. */
    nameKey: text().notNull().unique(),
    sku: text().unique(),
    category: text(),
    description: text(),
    price: amount(),
    currency: text().notNull().default('INR'),
    schemeCode: text().unique(),
    isin: text(),
    active: boolean().notNull().default(true),
    createdAt: createdAt(),
    updatedAt: createdAt(),
    version: version()
  },
  (t) => [index('products_name').on(t.name, t.id)]
);
