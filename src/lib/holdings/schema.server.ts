import { sql } from 'drizzle-orm';
import { check, date, index, numeric, pgTable, smallint, text } from 'drizzle-orm/pg-core';
import { amount, createdAt, identity, oneOf, reference, version } from '#lib/platform/db/columns.server.ts';
import {
  allOf,
  anyOf,
  clientVisible,
  granted,
  isActor,
  visibleBy
} from '#lib/platform/db/policies.server.ts';
import { products } from '#lib/catalogue/schema.server.ts';
import { clients } from '#lib/clients/schema.server.ts';
import { users } from '#lib/people/schema.server.ts';
import { HOLDING_KINDS, HOLDING_MODES, HOLDING_STATUSES } from './model.ts';

/** A product that a client has: a subscription or investment, or an owned item. */
export const holdings = pgTable(
  'holdings',
  {
    id: identity(),
    clientId: reference()
      .notNull()
      .references(() => clients.id, { onDelete: 'cascade' }),
    kind: text({ enum: HOLDING_KINDS }).notNull().default('investment'),
    productId: reference().references(() => products.id),
    /** The product's name as it was. */
    productName: text().notNull(),
    folio: text(),
    mode: text({ enum: HOLDING_MODES }),
    amount: amount(),
    currency: text().notNull().default('INR'),
    units: numeric({ precision: 20, scale: 6 }),
    startedOn: date({ mode: 'string' }),
    /** Of a SIP: what is paid in each month, and on which day of it. */
    instalment: amount(),
    instalmentDay: smallint(),
    /** When it was redeemed or closed. */
    endedOn: date({ mode: 'string' }),
    status: text({ enum: HOLDING_STATUSES }).notNull().default('active'),
    serialNumbers: text().array().notNull().default([]),
    /** The lead whose conversion added it; referenced by a hand-written migration. */
    leadId: reference(),
    createdById: reference().references(() => users.id),
    createdAt: createdAt(),
    updatedAt: createdAt(),
    version: version()
  },
  (t) => [
    oneOf('holdings_kind', t.kind, HOLDING_KINDS),
    oneOf('holdings_status', t.status, HOLDING_STATUSES),
    oneOf('holdings_mode', t.mode, HOLDING_MODES),
    check('holdings_instalment_day', sql`${t.instalmentDay} between 1 and 31`),
    index('holdings_client').on(t.clientId, t.id),
    index('holdings_author').on(t.createdById),
    index('holdings_product').on(t.productId),
    index('holdings_lead').on(t.leadId),
    ...visibleBy('holdings', {
      read: anyOf(clientVisible('holdings.client_id'), isActor('created_by_id')),
      change: clientVisible('holdings.client_id'),
      add: allOf(isActor('created_by_id')),
      remove: allOf(clientVisible('holdings.client_id'), granted('holdings.delete'))
    })
  ]
);
