import { sql } from 'drizzle-orm';
import { boolean, index, integer, pgPolicy, pgTable, text } from 'drizzle-orm/pg-core';
import { createdAt, instant, reference } from '#lib/platform/db/columns.server.ts';
import { gateRole, systemRole } from '#lib/platform/db/policies.server.ts';

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
