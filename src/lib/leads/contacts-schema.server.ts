import { sql } from 'drizzle-orm';
import { boolean, check, index, pgTable, text } from 'drizzle-orm/pg-core';
import { createdAt, identity, instant, oneOf, reference, version } from '#lib/platform/db/columns.server.ts';
import { allOf, anyOf, inPeople, isActor, rowVisible, visibleBy } from '#lib/platform/db/policies.server.ts';
import { CHANNELS, DIRECTIONS } from '#lib/interactions/kinds.ts';
import { users } from '#lib/people/schema.server.ts';
import { leads } from './schema.server.ts';

const leadVisible = rowVisible('leads', 'lead_contacts.lead_id');
const ofHisPeople = anyOf(inPeople('user_id'), inPeople('logged_by_id'));

/**
 * Something said with a lead that is no client yet. Its conversion makes interactions of them, so that the client's
 * timeline is whole.
 */
export const leadContacts = pgTable(
  'lead_contacts',
  {
    id: identity(),
    leadId: reference()
      .notNull()
      .references(() => leads.id, { onDelete: 'cascade' }),
    /** Who of ours spoke. */
    userId: reference()
      .notNull()
      .references(() => users.id),
    channel: text({ enum: CHANNELS }).notNull(),
    direction: text({ enum: DIRECTIONS }).notNull(),
    /** False for a try that reached nobody: no promise is kept by it. */
    answered: boolean().notNull(),
    subject: text().notNull(),
    body: text(),
    occurredAt: instant().notNull(),
    loggedById: reference()
      .notNull()
      .references(() => users.id),
    createdAt: createdAt(),
    updatedAt: createdAt(),
    version: version()
  },
  (t) => [
    oneOf('lead_contacts_channel', t.channel, CHANNELS),
    oneOf('lead_contacts_direction', t.direction, DIRECTIONS),
    check('lead_contacts_said', sql`${t.channel} <> 'note' and ${t.direction} <> 'internal'`),
    index('lead_contacts_lead').on(t.leadId, t.occurredAt.desc(), t.id.desc()),
    ...visibleBy('lead_contacts', {
      read: leadVisible,
      change: allOf(leadVisible, ofHisPeople),
      add: allOf(leadVisible, isActor('logged_by_id')),
      remove: allOf(leadVisible, ofHisPeople)
    })
  ]
);
