import { sql } from 'drizzle-orm';
import { date, index, integer, pgTable, primaryKey, text, unique } from 'drizzle-orm/pg-core';
import { createdAt, identity, instant, oneOf, reference } from '#lib/platform/db/columns.server.ts';
import { isActor, visibleBy } from '#lib/platform/db/policies.server.ts';
import { users } from '#lib/people/schema.server.ts';
import { DELIVERIES, MUTABLE } from './model.ts';

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
    /** A trigger puts in what the person chose for the kind, and drops what he does not want. */
    delivery: text({ enum: DELIVERIES }),
    createdAt: createdAt(),
    readAt: instant(),
    /** When it went into a mail, at once or in a daily summary. */
    mailedAt: instant()
  },
  (t) => [
    unique('notifications_once').on(t.userId, t.key),
    oneOf('notifications_delivery', t.delivery, DELIVERIES),
    index('notifications_newest').on(t.userId, t.id),
    index('notifications_unread').on(t.userId).where(sql.raw('read_at is null')),
    index('notifications_about').on(t.userId, t.subjectKind, t.subjectId).where(sql.raw('read_at is null')),
    index('notifications_to_mail')
      .on(t.delivery, t.userId, t.id)
      .where(sql.raw(`mailed_at is null and delivery <> 'app'`)),
    ...visibleBy('notifications', { read: isActor('user_id'), add: sql`true` })
  ]
);

/** A record somebody wants to hear less of. */
export const notificationMutes = pgTable(
  'notification_mutes',
  {
    userId: reference()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    subjectKind: text({ enum: MUTABLE }).notNull(),
    subjectId: reference().notNull(),
    createdAt: createdAt()
  },
  (t) => [
    primaryKey({ columns: [t.userId, t.subjectKind, t.subjectId] }),
    oneOf('notification_mutes_subject', t.subjectKind, MUTABLE),
    ...visibleBy('notification_mutes', {
      read: isActor('user_id'),
      change: null,
      add: isActor('user_id'),
      remove: isActor('user_id')
    })
  ]
);

/** The summary of a person's day: once, whether there was something to say or not. */
export const notificationSummaries = pgTable(
  'notification_summaries',
  {
    userId: reference()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    /** The firm's date. */
    onDate: date({ mode: 'string' }).notNull(),
    /** How many notifications it had. */
    count: integer().notNull(),
    createdAt: createdAt()
  },
  (t) => [
    primaryKey({ columns: [t.userId, t.onDate] }),
    ...visibleBy('notification_summaries', {
      read: isActor('user_id'),
      change: null,
      add: isActor('user_id')
    })
  ]
);
