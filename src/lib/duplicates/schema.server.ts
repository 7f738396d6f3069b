import { index, jsonb, pgTable, text } from 'drizzle-orm/pg-core';
import {
  condition,
  createdAt,
  identity,
  instant,
  oneOf,
  reference,
  version
} from '#lib/platform/db/columns.server.ts';
import { allOf, granted, isActor, visibleBy } from '#lib/platform/db/policies.server.ts';
import { DUPLICATE_DECISIONS, DUPLICATE_OCCASIONS, type EnteredDuplicate } from '#lib/clients/duplicate.ts';
import { clients } from '#lib/clients/schema.server.ts';
import { users } from '#lib/people/schema.server.ts';

/**
 * A lead or a new client that would duplicate a client its author does not see: the author is told only that it
 * was sent for review, and the head of the owner's team decides.
 */
export const duplicateReviews = pgTable(
  'duplicate_reviews',
  {
    id: identity(),
    clientId: reference()
      .notNull()
      .references(() => clients.id, { onDelete: 'cascade' }),
    leadId: reference(),
    matchedOn: text({ enum: ['pan', 'email', 'phone', 'account'] }).notNull(),
    occasion: text({ enum: DUPLICATE_OCCASIONS }).notNull().default('client'),
    /** What was typed, for whoever decides; of a PAN the last four characters only. */
    entered: jsonb().$type<EnteredDuplicate>().notNull().default({}),
    askedById: reference()
      .notNull()
      .references(() => users.id),
    decidedById: reference().references(() => users.id),
    decision: text({ enum: DUPLICATE_DECISIONS }),
    /** Told to whoever asked. */
    note: text(),
    createdAt: createdAt(),
    decidedAt: instant(),
    /** When a decision that it is somebody else was made use of: it opens the way once. */
    usedAt: instant(),
    version: version()
  },
  (t) => [
    oneOf('duplicate_reviews_occasion', t.occasion, DUPLICATE_OCCASIONS),
    oneOf('duplicate_reviews_decision', t.decision, DUPLICATE_DECISIONS),
    index('duplicate_reviews_client').on(t.clientId),
    index('duplicate_reviews_asked_by').on(t.askedById, t.id),
    index('duplicate_reviews_waiting').on(t.id).where(condition('decided_at is null')),
    index('duplicate_reviews_lead').on(t.leadId).where(condition('lead_id is not null')),
    ...visibleBy('duplicate_reviews', {
      // Not for the client's RM: what is entered may be a colleague's lead.
      read: allOf(
        granted('clients.assign'),
        condition(
          `exists (select 1 from clients c where c.id = duplicate_reviews.client_id and c.primary_rm_id = any ((select app.visible_user_ids())::bigint[]))`
        )
      ),
      add: isActor('asked_by_id')
    })
  ]
);
