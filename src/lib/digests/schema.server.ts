import { date, jsonb, pgTable, text, unique } from 'drizzle-orm/pg-core';
import { createdAt, identity, oneOf, reference } from '#lib/platform/db/columns.server.ts';
import { isActor, visibleBy } from '#lib/platform/db/policies.server.ts';
import { users } from '#lib/people/schema.server.ts';

/** One morning digest per head and firm date; the unique key makes it once. */
export const digests = pgTable(
  'digests',
  {
    id: identity(),
    userId: reference()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    onDate: date({ mode: 'string' }).notNull(),
    state: text({ enum: ['queued', 'skipped'] }).notNull(),
    counts: jsonb().$type<Record<string, number>>().notNull(),
    createdAt: createdAt()
  },
  (t) => [
    unique('digests_once').on(t.userId, t.onDate),
    oneOf('digests_state', t.state, ['queued', 'skipped']),
    ...visibleBy('digests', { read: isActor('user_id'), change: null, add: isActor('user_id') })
  ]
);
