import { and, desc, eq, sql } from 'drizzle-orm';
import { Lucia, TimeSpan } from 'lucia';
import {
  ABSOLUTE_MS,
  adapter,
  IDLE_MS,
  touchSession,
  type SessionAttributes,
  type UserAttributes
} from '#lib/platform/auth/adapter.server.ts';
import { SESSION_COOKIE } from '#lib/platform/auth/model.ts';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import { accounts, sessions } from '#lib/platform/auth/schema.server.ts';
import { sha256 } from '#lib/platform/auth/secrets.server.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import type { CurrentSession } from '#lib/platform/trpc/context.server.ts';

const lucia = new Lucia(adapter, {
  sessionExpiresIn: new TimeSpan(IDLE_MS, 'ms'),
  sessionCookie: { name: SESSION_COOKIE },
  getSessionAttributes: ({ lastSeenAt, absoluteExpiresAt }) => ({ lastSeenAt, absoluteExpiresAt }),
  getUserAttributes: ({ actor, mustChangePassword }) => ({ actor, mustChangePassword })
});

declare module 'lucia' {
  interface Register {
    Lucia: typeof lucia;
    UserId: number;
    DatabaseSessionAttributes: SessionAttributes;
    DatabaseUserAttributes: UserAttributes;
  }
}

const TOUCH_EVERY_MS = 60_000;

export interface Visitor {
  address: string;
  userAgent: string | null;
}

export interface SignedIn {
  actor: Actor;
  session: CurrentSession;
}

/** Who is behind a session id: one statement, and a write at most once a minute. */
export async function validateSession(
  id: string,
  options: { touch?: boolean } = {}
): Promise<SignedIn | null> {
  const { session, user } = await lucia.validateSession(id);
  if (!session) return null;
  const hash = sha256(id);
  const idleSince = Date.now() - session.lastSeenAt.getTime();
  if (options.touch !== false && idleSince >= TOUCH_EVERY_MS) {
    await touchSession(hash, new Date(Date.now() + IDLE_MS));
  }
  return {
    actor: user.actor,
    session: { id, hash, expiresAt: session.expiresAt, mustChangePassword: user.mustChangePassword }
  };
}

/** Starts a session; `id` goes into the cookie and is stored nowhere. */
export async function startSession(
  userId: number,
  visitor: Visitor
): Promise<{ id: string; expiresAt: Date }> {
  const now = Date.now();
  const absoluteExpiresAt = new Date(now + ABSOLUTE_MS);
  const { id } = await lucia.createSession(userId, {
    lastSeenAt: new Date(now),
    absoluteExpiresAt,
    userAgent: visitor.userAgent?.slice(0, 300) ?? null,
    address: visitor.address
  });
  return { id, expiresAt: absoluteExpiresAt };
}

export const endCurrentSession = (id: string) => lucia.invalidateSession(id);

/** A person's sessions, the latest used first; `id` is the hash. */
export function listSessions(tx: Tx, userId: number) {
  return tx
    .select({
      id: sessions.id,
      createdAt: sessions.createdAt,
      lastSeenAt: sessions.lastSeenAt,
      expiresAt: sessions.expiresAt,
      userAgent: sessions.userAgent,
      address: sessions.address
    })
    .from(sessions)
    .innerJoin(accounts, eq(accounts.userId, sessions.userId))
    .where(
      and(
        eq(sessions.userId, userId),
        sql`coalesce(${sessions.createdAt} > ${accounts.sessionsValidFrom}, true)`
      )
    )
    .orderBy(desc(sessions.lastSeenAt));
}
