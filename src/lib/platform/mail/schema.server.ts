import { index, integer, jsonb, pgTable, text } from 'drizzle-orm/pg-core';
import {
  condition,
  createdAt,
  identity,
  instant,
  oneOf,
  reference
} from '#lib/platform/db/columns.server.ts';
import { anyOf, granted, isActor, visibleBy } from '#lib/platform/db/policies.server.ts';
import { sql } from 'drizzle-orm';
import { MAIL_STATES, type MailFile } from '#lib/platform/mail/states.ts';

const kept = granted('admin.outbox');

/** Outgoing mail, written in the transaction that causes it and sent by a worker afterwards. */
export const mailOutbox = pgTable(
  'mail_outbox',
  {
    id: identity(),
    /** What the mail is about, once: `digest:2026-11-20:7`. */
    key: text().notNull().unique(),
    userId: reference(),
    toAddress: text().notNull(),
    subject: text().notNull(),
    text: text().notNull(),
    html: text().notNull(),
    /** One that goes with it. */
    file: jsonb().$type<MailFile>(),
    kind: text().notNull(),
    messageId: text().notNull(),
    state: text({ enum: MAIL_STATES }).notNull().default('pending'),
    attempts: integer().notNull().default(0),
    nextAttemptAt: createdAt(),
    lastError: text(),
    createdAt: createdAt(),
    sendingAt: instant(),
    /** When the server of this attempt began to take the text: from here on it may have the mail. */
    handedOverAt: instant(),
    sentAt: instant()
  },
  (t) => [
    oneOf('mail_outbox_state', t.state, MAIL_STATES),
    index('mail_outbox_due').on(t.nextAttemptAt).where(condition(`state = 'pending'`)),
    index('mail_outbox_sending').on(t.sendingAt).where(condition(`state = 'sending'`)),
    index('mail_outbox_stuck').on(t.state).where(condition(`state in ('unknown', 'parked')`)),
    ...visibleBy('mail_outbox', {
      read: anyOf(isActor('user_id'), kept),
      change: kept,
      add: sql`true`
    })
  ]
);
