import { sql } from 'drizzle-orm';
import {
  boolean,
  check,
  date,
  index,
  integer,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid
} from 'drizzle-orm/pg-core';
import {
  condition,
  createdAt,
  humanNumber,
  identity,
  instant,
  oneOf,
  reference,
  version
} from '#lib/platform/db/columns.server.ts';
import {
  allOf,
  anyOf,
  clientVisible,
  inPeople,
  isActor,
  visibleBy
} from '#lib/platform/db/policies.server.ts';
import { users } from '#lib/people/schema.server.ts';
import { URGENT_AFTER_DAYS, WARNING_AFTER_DAYS } from './attention.ts';
import { CLIENT_KINDS, LIFECYCLES } from './model.ts';

export const clients = pgTable(
  'clients',
  {
    id: identity(),
    number: humanNumber('CL'),
    kind: text({ enum: CLIENT_KINDS }).notNull(),
    name: text().notNull(),
    /** The name in lower case: what lists sort by. */
    sortName: text().notNull().generatedAlwaysAs(sql.raw('lower(name)')),
    organisation: text(),
    type: text().notNull().default('individual'),
    tier: text(),
    lifecycle: text({ enum: LIFECYCLES }).notNull().default('active'),
    /** Associated data of the encryption: made by the app, since the id is not known before the insert. */
    panRef: uuid().notNull().defaultRandom(),
    panCipher: text(),
    /** Keyed HMAC of the PAN: exact look-up and uniqueness without the PAN. */
    panIndex: text(),
    panLast4: text(),
    panKeyVersion: integer(),
    /** Whose PAN it is: a minor carries the guardian's. */
    panHolder: text({ enum: ['self', 'guardian'] })
      .notNull()
      .default('self'),
    guardianName: text(),
    panExemptReason: text(),
    accountId: text().unique(),
    primaryRmId: reference().references(() => users.id),
    secondaryRmId: reference().references(() => users.id),
    language: text(),
    reviewEveryMonths: integer(),
    nextReviewOn: date({ mode: 'string' }),
    nextContactOn: date({ mode: 'string' }),
    nextContactChannel: text(),
    nextContactById: reference().references(() => users.id),
    /** Derived from interactions by a trigger; never typed in. */
    lastContactAt: instant(),
    lastContactChannel: text(),
    lastContactById: reference(),
    lastContactSummary: text(),
    /**
     * After how many days without contact the client is due soon and urgent: what its contact promise says, kept by
     * the worker that keeps the clocks.
     */
    contactWarningDays: integer().notNull().default(WARNING_AFTER_DAYS),
    contactUrgentDays: integer().notNull().default(URGENT_AFTER_DAYS),
    /** Midnights of the firm's dates on which that begins, kept by a trigger; null without a contact. */
    contactWarningFrom: instant(),
    contactUrgentFrom: instant(),
    /** Open queries and requests; kept by triggers. */
    openWork: integer().notNull().default(0),
    /** Key of the record in the system it was imported from. */
    externalRef: text().unique(),
    createdById: reference().references(() => users.id),
    createdAt: createdAt(),
    updatedAt: createdAt(),
    version: version()
  },
  (t) => [
    index('clients_number').on(t.number),
    oneOf('clients_kind', t.kind, CLIENT_KINDS),
    oneOf('clients_lifecycle', t.lifecycle, LIFECYCLES),
    check('clients_pan_whole', sql`(${t.panCipher} is null) = (${t.panIndex} is null)`),
    uniqueIndex('clients_pan').on(t.panIndex).where(condition(`pan_holder = 'self'`)),
    index('clients_sort').on(t.sortName, t.id),
    index('clients_primary_rm').on(t.primaryRmId, t.id),
    index('clients_secondary_rm').on(t.secondaryRmId),
    index('clients_next_review').on(t.nextReviewOn).where(condition(`lifecycle = 'active'`)),
    index('clients_planned')
      .on(t.nextContactById, t.nextContactOn)
      .where(condition('next_contact_on is not null')),
    index('clients_created').on(t.createdAt, t.id),
    index('clients_type').on(t.type, t.id),
    index('clients_language').on(t.language).where(condition('language is not null')),
    index('clients_open_work').on(t.openWork, t.id),
    index('clients_last_contact').on(sql`coalesce(${t.lastContactAt}, '-infinity')`, t.id),
    index('clients_attention')
      .on(t.contactUrgentFrom, t.contactWarningFrom)
      .where(condition(`lifecycle = 'active'`)),
    index('clients_archived').on(t.id).where(condition(`lifecycle = 'archived'`)),
    index('clients_review_order').on(sql`coalesce(${t.nextReviewOn}, 'infinity')`, t.id),
    index('clients_search').using(
      'gin',
      sql.raw(`app.client_search_text(name, number, organisation, account_id) gin_trgm_ops`)
    ),
    ...visibleBy('clients', {
      read: anyOf(inPeople('primary_rm_id'), inPeople('secondary_rm_id'), clientVisible('clients.id'))
    })
  ]
);

/**
 * Who reaches which client, maintained by triggers: one row per client and principal. A principal is a user id,
 * or a team id with a minus sign for work that waits in that team's queue. Policies and lists read it.
 */
export const clientAccess = pgTable(
  'client_access',
  {
    principal: reference().notNull(),
    clientId: reference()
      .notNull()
      .references(() => clients.id, { onDelete: 'cascade' }),
    sortName: text().notNull(),
    /** The client is not archived. */
    active: boolean().notNull().default(true)
  },
  (t) => [
    primaryKey({ columns: [t.clientId, t.principal] }),
    index('client_access_sorted').on(t.principal, t.sortName, t.clientId, t.active),
    ...visibleBy('client_access', {
      read: sql.raw('principal = any ((select app.principals())::bigint[])'),
      change: null
    })
  ]
);

export const clientTags = pgTable(
  'client_tags',
  {
    clientId: reference()
      .notNull()
      .references(() => clients.id, { onDelete: 'cascade' }),
    tag: text().notNull()
  },
  (t) => [
    primaryKey({ columns: [t.clientId, t.tag] }),
    index('client_tags_tag').on(t.tag),
    ...visibleBy('client_tags', {
      read: clientVisible('client_tags.client_id'),
      remove: clientVisible('client_tags.client_id')
    })
  ]
);

/** Append-only: a note is never changed. */
export const clientNotes = pgTable(
  'client_notes',
  {
    id: identity(),
    clientId: reference()
      .notNull()
      .references(() => clients.id, { onDelete: 'cascade' }),
    authorId: reference()
      .notNull()
      .references(() => users.id),
    body: text().notNull(),
    createdAt: createdAt()
  },
  (t) => [
    index('client_notes_client').on(t.clientId, t.createdAt),
    ...visibleBy('client_notes', {
      read: anyOf(clientVisible('client_notes.client_id'), isActor('author_id')),
      change: null,
      add: allOf(clientVisible('client_notes.client_id'), isActor('author_id'))
    })
  ]
);

/** Clients that were merged into another: their numbers and addresses lead to the one that was kept. */
export const clientMerges = pgTable(
  'client_merges',
  {
    oldId: reference().primaryKey(),
    oldNumber: text().notNull(),
    oldName: text().notNull(),
    clientId: reference()
      .notNull()
      .references(() => clients.id, { onDelete: 'cascade' }),
    mergedById: reference()
      .notNull()
      .references(() => users.id),
    mergedAt: createdAt()
  },
  (t) => [
    index('client_merges_client').on(t.clientId),
    index('client_merges_number').on(t.oldNumber),
    ...visibleBy('client_merges', { read: clientVisible('client_merges.client_id'), change: null })
  ]
);
