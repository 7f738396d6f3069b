import { sql } from 'drizzle-orm';
import { boolean, index, integer, pgPolicy, pgTable, text } from 'drizzle-orm/pg-core';
import { condition, createdAt, instant, reference } from '#lib/platform/db/columns.server.ts';
import {
  anyOf,
  gateRole,
  granted,
  isActor,
  systemRole,
  visibleBy
} from '#lib/platform/db/policies.server.ts';

// The platform knows no domain, so the references to `users` are added by a hand-written migration.

/** Only the gate reads and writes credentials; setting up people goes through the system role. */
const gateOnly = (table: string) => [
  pgPolicy(`${table}_gate`, {
    for: 'all',
    to: [gateRole, systemRole],
    using: sql`true`,
    withCheck: sql`true`
  })
];

export const credentials = pgTable(
  'credentials',
  {
    userId: reference().primaryKey(),
    /** Argon2id, encoded with its parameters; null until the invitation is taken up. */
    passwordHash: text(),
    mustChange: boolean().notNull().default(false),
    changedAt: createdAt()
  },
  () => gateOnly('credentials')
);

export const sessions = pgTable(
  'sessions',
  {
    /** SHA-256 of the id in the cookie, in hex: a leaked table opens no session. */
    id: text().primaryKey(),
    userId: reference().notNull(),
    createdAt: createdAt(),
    lastSeenAt: createdAt(),
    expiresAt: instant().notNull(),
    absoluteExpiresAt: instant().notNull(),
    userAgent: text(),
    address: text()
  },
  (t) => [
    index('sessions_user').on(t.userId),
    index('sessions_expiry').on(t.expiresAt),
    ...gateOnly('sessions')
  ]
);

/** Failures per account (`account:…`) and per address (`address:…`). */
export const loginAttempts = pgTable(
  'login_attempts',
  {
    key: text().primaryKey(),
    failures: integer().notNull().default(0),
    firstFailedAt: createdAt(),
    lockedUntil: instant()
  },
  () => gateOnly('login_attempts')
);

/** One-time links by which a new colleague sets his password. */
export const invitations = pgTable(
  'invitations',
  {
    tokenHash: text().primaryKey(),
    userId: reference().notNull(),
    createdAt: createdAt(),
    expiresAt: instant().notNull(),
    usedAt: instant()
  },
  (t) => [index('invitations_user').on(t.userId), ...gateOnly('invitations')]
);

/**
 * What may be known of a person's account without reading credentials: triggers note passwords, links and sign-ins;
 * those who look after users ask for a link, take it back and end sessions here.
 */
export const accounts = pgTable(
  'accounts',
  {
    userId: reference().primaryKey(),
    /** When a link by mail was last asked for or made. */
    invitedAt: instant(),
    /** Key of the mail that brings the link; null where none is wanted (any more). */
    invitationMail: text(),
    /** Null until the link is made, which is when the mail is sent. */
    invitationExpiresAt: instant(),
    passwordSetAt: instant(),
    lastSignInAt: instant(),
    /** Links and sessions made before are void. */
    linksValidFrom: instant(),
    sessionsValidFrom: instant()
  },
  () => [
    ...visibleBy('accounts', {
      read: anyOf(isActor('user_id'), granted('admin.users')),
      change: condition(
        `(select app.may('admin.users')) and (user_id = (select app.acting_user_id()) or app.user_within(user_id))`
      ),
      add: null
    }),
    pgPolicy('accounts_gate', { for: 'all', to: gateRole, using: sql`true`, withCheck: sql`true` })
  ]
);
