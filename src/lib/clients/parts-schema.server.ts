import { boolean, index, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { createdAt, identity, oneOf, reference } from '#lib/platform/db/columns.server.ts';
import { clientVisible, visibleBy } from '#lib/platform/db/policies.server.ts';
import { CONTACT_KINDS } from './model.ts';
import { clients } from './schema.server.ts';

export const clientContactPoints = pgTable(
  'client_contact_points',
  {
    id: identity(),
    clientId: reference()
      .notNull()
      .references(() => clients.id, { onDelete: 'cascade' }),
    kind: text({ enum: CONTACT_KINDS }).notNull(),
    label: text(),
    value: text().notNull(),
    /** E-mail in lower case, numbers in E.164: what matching looks up. */
    valueKey: text().notNull(),
    primary: boolean().notNull().default(false),
    createdAt: createdAt()
  },
  (t) => [
    oneOf('client_contact_points_kind', t.kind, CONTACT_KINDS),
    uniqueIndex('client_contact_points_once').on(t.clientId, t.kind, t.valueKey),
    index('client_contact_points_value').on(t.valueKey),
    ...visibleBy('client_contact_points', {
      read: clientVisible('client_contact_points.client_id'),
      remove: clientVisible('client_contact_points.client_id')
    })
  ]
);

export const clientAddresses = pgTable(
  'client_addresses',
  {
    id: identity(),
    clientId: reference()
      .notNull()
      .references(() => clients.id, { onDelete: 'cascade' }),
    label: text(),
    lines: text(),
    city: text(),
    region: text(),
    postalCode: text(),
    country: text(),
    createdAt: createdAt()
  },
  (t) => [
    index('client_addresses_client').on(t.clientId),
    ...visibleBy('client_addresses', {
      read: clientVisible('client_addresses.client_id'),
      remove: clientVisible('client_addresses.client_id')
    })
  ]
);
