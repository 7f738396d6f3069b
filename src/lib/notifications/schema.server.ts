import { sql } from 'drizzle-orm';
import { index, pgTable, text, unique } from 'drizzle-orm/pg-core';
import { createdAt, identity, instant, reference } from '#lib/platform/db/columns.server.ts';
import { isActor, visibleBy } from '#lib/platform/db/policies.server.ts';
import { users } from '#lib/people/schema.server.ts';

/** Something a person is told; each says why he got it. */
export const notifications = pgTable(
  'notifications',
  {
    id: identity(),
    /** What it is about, once per person: `escalation:42`. */
    key: text().notNull(),
    userId: reference()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    kind: text().notNull(),
    subjectKind: text(),
    subjectId: reference(),
    title: text().notNull(),
    body: text(),
    reason: text().notNull(),
    createdAt: createdAt(),
    readAt: instant()
  },
  (t) => [
    unique('notifications_once').on(t.userId, t.key),
    index('notifications_newest').on(t.userId, t.id),
    index('notifications_unread').on(t.userId).where(sql.raw('read_at is null')),
    ...visibleBy('notifications', { read: isActor('user_id'), add: sql`true` })
  ]
);
