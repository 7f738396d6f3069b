import {
  bigint,
  boolean,
  check,
  customType,
  integer,
  pgPolicy,
  pgTable,
  primaryKey,
  smallint,
  text
} from 'drizzle-orm/pg-core';
import { sql } from 'drizzle-orm';
import { condition, createdAt, oneOf, version } from '#lib/platform/db/columns.server.ts';
import { gateRole, granted, visibleBy } from '#lib/platform/db/policies.server.ts';
import { LISTS, LOGO_TYPES } from './model.ts';

const signedIn = condition('(select app.acting_user_id()) is not null');

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
    /** Which picture of `firmLogos` is shown; null for Rapport's own mark. */
    logoRef: text(),
    /** Set by the demo seed; an import into the demo firm must say that it replaces it. */
    demo: boolean().notNull().default(false),
    updatedAt: createdAt(),
    version: version()
  },
  (t) => [
    check('firm_settings_one', sql`${t.id} = 1`),
    ...visibleBy('firm_settings', { read: signedIn, change: granted('admin.settings') }),
    pgPolicy('firm_settings_gate', { for: 'select', to: gateRole, using: sql`true` })
  ]
);

/** Managed lists: denial reasons, client types, tiers. */
export const listItems = pgTable(
  'list_items',
  {
    id: bigint({ mode: 'number' }).notNull().generatedAlwaysAsIdentity().unique(),
    list: text({ enum: LISTS }).notNull(),
    key: text().notNull(),
    label: text().notNull(),
    position: integer().notNull().default(0),
    active: boolean().notNull().default(true),
    version: version()
  },
  (t) => [
    primaryKey({ columns: [t.list, t.key] }),
    ...visibleBy('list_items', {
      read: signedIn,
      change: granted('admin.lists'),
      remove: granted('admin.lists')
    })
  ]
);

const bytes = customType<{ data: string }>({ dataType: () => 'bytea' });

/** The firm's logo, by the hash of its bytes; read and written as base64 through `decode` and `encode`. */
export const firmLogos = pgTable(
  'firm_logos',
  {
    hash: text().primaryKey(),
    mimeType: text({ enum: LOGO_TYPES }).notNull(),
    bytes: bytes().notNull(),
    createdAt: createdAt()
  },
  (t) => [
    oneOf('firm_logos_type', t.mimeType, LOGO_TYPES),
    ...visibleBy('firm_logos', {
      read: signedIn,
      change: granted('admin.settings'),
      remove: granted('admin.settings')
    }),
    pgPolicy('firm_logos_gate', { for: 'select', to: gateRole, using: sql`true` })
  ]
);

/** Tells whether a key given at start is the one this database was made with. */
export const keyChecks = pgTable('key_checks', {
  id: smallint().primaryKey(),
  fingerprint: text().notNull()
});
