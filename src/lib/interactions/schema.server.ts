import { sql } from 'drizzle-orm';
import { boolean, index, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { createdAt, identity, instant, oneOf, reference, version } from '#lib/platform/db/columns.server.ts';
import {
  allOf,
  anyOf,
  clientVisible,
  inPeople,
  isActor,
  visibleBy
} from '#lib/platform/db/policies.server.ts';
import { products } from '#lib/catalogue/schema.server.ts';
import { clients } from '#lib/clients/schema.server.ts';
import { users } from '#lib/people/schema.server.ts';
import { CHANNELS, DIRECTIONS, PURPOSES } from './kinds.ts';

/** Anything said with a client. References to leads, queries and requests are added by a hand-written migration. */
export const interactions = pgTable(
  'interactions',
  {
    id: identity(),
    clientId: reference()
      .notNull()
      .references(() => clients.id, { onDelete: 'cascade' }),
    /** Who of ours spoke. */
    userId: reference().references(() => users.id),
    purpose: text({ enum: PURPOSES }).notNull().default('general'),
    channel: text({ enum: CHANNELS }).notNull(),
    direction: text({ enum: DIRECTIONS }).notNull(),
    subject: text().notNull(),
    body: text(),
    occurredAt: instant().notNull(),
    /** A call that nobody answered is no contact. */
    missed: boolean().notNull().default(false),
    /** Mail sent by a machine is no contact. */
    automatic: boolean().notNull().default(false),
    /** Something said with the client by a person: what attention counts from. */
    isContact: boolean()
      .notNull()
      .generatedAlwaysAs(
        sql.raw(
          `channel <> 'note' and direction <> 'internal' and not missed and not automatic and user_id is not null`
        )
      ),
    productId: reference().references(() => products.id),
    queryId: reference(),
    requestId: reference(),
    leadId: reference(),
    loggedById: reference().references(() => users.id),
    /** The message's id in its channel: unique there, so that intake stores it once. */
    externalMessageId: text(),
    createdAt: createdAt(),
    updatedAt: createdAt(),
    version: version()
  },
  (t) => [
    oneOf('interactions_purpose', t.purpose, PURPOSES),
    oneOf('interactions_channel', t.channel, CHANNELS),
    oneOf('interactions_direction', t.direction, DIRECTIONS),
    uniqueIndex('interactions_message').on(t.channel, t.externalMessageId),
    index('interactions_timeline').on(t.clientId, t.occurredAt.desc(), t.id.desc()),
    index('interactions_recent').on(t.occurredAt.desc(), t.id.desc()),
    index('interactions_user').on(t.userId, t.occurredAt.desc(), t.id.desc()),
    index('interactions_logged_by').on(t.loggedById),
    index('interactions_lead').on(t.leadId),
    index('interactions_query').on(t.queryId),
    index('interactions_request').on(t.requestId),
    // Everything that reports on reviews look at, so that they need no row.
    index('interactions_reviews')
      .on(t.clientId, t.occurredAt, t.userId, t.loggedById, t.id)
      .where(sql.raw(`purpose = 'portfolio_review'`)),
    index('interactions_search').using('gin', sql.raw('lower(subject) gin_trgm_ops')),
    ...visibleBy('interactions', {
      read: anyOf(clientVisible('interactions.client_id'), isActor('user_id'), isActor('logged_by_id')),
      change: anyOf(inPeople('user_id'), inPeople('logged_by_id')),
      add: allOf(isActor('logged_by_id')),
      remove: anyOf(inPeople('user_id'), inPeople('logged_by_id'))
    })
  ]
);
