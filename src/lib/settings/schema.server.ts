import { boolean, check, integer, pgTable, primaryKey, smallint, text } from 'drizzle-orm/pg-core';
import { sql } from 'drizzle-orm';
import { createdAt, version } from '#lib/platform/db/columns.server.ts';
import { LISTS } from './model.ts';

/** The firm: one row. */
export const firmSettings = pgTable(
  'firm_settings',
  {
    id: smallint().primaryKey().default(1),
    name: text().notNull(),
    profile: text({ enum: ['wealth', 'advisory', 'maker'] })
      .notNull()
      .default('wealth'),
    timeZone: text().notNull().default('Asia/Kolkata'),
    currency: text().notNull().default('INR'),
    locale: text().notNull().default('en-IN'),
    clientWord: text({ enum: ['client', 'customer'] })
      .notNull()
      .default('client'),
    promiseWord: text({ enum: ['TAT', 'SLA'] })
      .notNull()
      .default('TAT'),
    panCompulsory: boolean().notNull().default(true),
    /** Set by the demo seed; an import into the demo firm must say that it replaces it. */
    demo: boolean().notNull().default(false),
    updatedAt: createdAt(),
    version: version()
  },
  (t) => [check('firm_settings_one', sql`${t.id} = 1`)]
);

/** Managed lists: denial reasons, client types, tiers. */
export const listItems = pgTable(
  'list_items',
  {
    list: text({ enum: LISTS }).notNull(),
    key: text().notNull(),
    label: text().notNull(),
    position: integer().notNull().default(0),
    active: boolean().notNull().default(true)
  },
  (t) => [primaryKey({ columns: [t.list, t.key] })]
);

/** Tells whether a key given at start is the one this database was made with. */
export const keyChecks = pgTable('key_checks', {
  id: smallint().primaryKey(),
  fingerprint: text().notNull()
});
