import { sql } from 'drizzle-orm';
import { boolean, date, integer, jsonb, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { createdAt, identity, oneOf, reference } from '#lib/platform/db/columns.server.ts';
import { isActor, visibleBy } from '#lib/platform/db/policies.server.ts';
import { users } from '#lib/people/schema.server.ts';
import { DIGEST_KINDS, DIGEST_STATES, type DigestContent } from './model.ts';

/** One digest of a kind per person and firm date, and those he asked for; the unique index makes it once. */
export const digests = pgTable(
  'digests',
  {
    id: identity(),
    userId: reference()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    kind: text({ enum: DIGEST_KINDS }).notNull().default('morning'),
    onDate: date({ mode: 'string' }).notNull(),
    /** The person asked for it, beside the one of the day. */
    asked: boolean().notNull().default(false),
    state: text({ enum: DIGEST_STATES }).notNull(),
    counts: jsonb().$type<Record<string, number>>().notNull(),
    /** What it said, to be shown as it was; null where there was nothing to say. */
    content: jsonb().$type<DigestContent>(),
    attempts: integer().notNull().default(1),
    triedAt: createdAt(),
    error: text(),
    createdAt: createdAt()
  },
  (t) => [
    uniqueIndex('digests_once').on(t.userId, t.kind, t.onDate).where(sql.raw('not asked')),
    oneOf('digests_kind', t.kind, DIGEST_KINDS),
    oneOf('digests_state', t.state, DIGEST_STATES),
    ...visibleBy('digests', { read: isActor('user_id'), change: null, add: isActor('user_id') })
  ]
);
