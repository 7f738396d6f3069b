import { and, eq, lte, ne, sql } from 'drizzle-orm';
import type { Adapter, DatabaseSession, DatabaseUser } from 'lucia';
import { actorColumns, actorFrom, type ActorRow } from '#lib/platform/auth/actor.server.ts';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import { sessions } from '#lib/platform/auth/schema.server.ts';
import { sha256 } from '#lib/platform/auth/secrets.server.ts';
import { asGate, readAtGate, type Tx } from '#lib/platform/db/transactions.server.ts';

/** How long a session lives without being used, and at most. */
export const IDLE_MS = 12 * 60 * 60_000;
export const ABSOLUTE_MS = 30 * 24 * 60 * 60_000;

/** Told to the live streams of all web processes when a session ends, by its hash, or all of a person: `user:7`. */
export const SESSION_ENDED = 'app_sessions';

export interface SessionAttributes {
  lastSeenAt: Date;
  absoluteExpiresAt: Date;
  userAgent: string | null;
  address: string | null;
}

export interface UserAttributes {
  actor: Actor;
  mustChangePassword: boolean;
}

interface SessionRow extends ActorRow {
  must_change: boolean;
  last_seen_ms: number;
  expires_ms: number;
  absolute_ms: number;
}

/** Everything a request needs to know of its session and its person, in one statement; active people only. */
async function findSession(tx: Tx, hash: string): Promise<SessionRow | undefined> {
  const rows = await tx.execute<SessionRow>(sql`
    select ${actorColumns}, coalesce(k.must_change, false) as must_change,
      extract(epoch from s.last_seen_at)::float8 * 1000 as last_seen_ms,
      extract(epoch from s.expires_at)::float8 * 1000 as expires_ms,
      extract(epoch from s.absolute_expires_at)::float8 * 1000 as absolute_ms
    from sessions s
    join users u on u.id = s.user_id and u.active
    join roles r on r.id = u.role_id
    join accounts a on a.user_id = u.id and coalesce(s.created_at > a.sessions_valid_from, true)
    left join credentials k on k.user_id = u.id
    where s.id = ${hash}`);
  return rows[0];
}

async function announce(tx: Tx, ended: { id: string }[]): Promise<void> {
  if (ended.length === 0) return;
  const hashes = sql.join(
    ended.map(({ id }) => sql`(${id}::text)`),
    sql`, `
  );
  await tx.execute(sql`select pg_notify(${SESSION_ENDED}, e.hash) from (values ${hashes}) e (hash)`);
}

/** Ends one session by its hash; false when the person has no such session. */
export async function endSession(tx: Tx, userId: number, hash: string): Promise<boolean> {
  const mine = and(eq(sessions.id, hash), eq(sessions.userId, userId));
  const ended = await tx.delete(sessions).where(mine).returning({ id: sessions.id });
  await announce(tx, ended);
  return ended.length > 0;
}

/** Ends a person's sessions, all or all but one. */
export async function endSessionsOf(tx: Tx, userId: number, exceptHash = ''): Promise<void> {
  const others = and(eq(sessions.userId, userId), ne(sessions.id, exceptHash));
  await announce(tx, await tx.delete(sessions).where(others).returning({ id: sessions.id }));
}

/** Notes that the session is in use, which prolongs it up to its absolute end. */
export async function touchSession(hash: string, expiresAt: Date): Promise<void> {
  await asGate((tx) =>
    tx
      .update(sessions)
      .set({
        lastSeenAt: new Date(),
        expiresAt: sql`least(${expiresAt}::timestamptz, ${sessions.absoluteExpiresAt})`
      })
      .where(eq(sessions.id, hash))
  );
}

/**
 * Lucia's view of our tables. Only the SHA-256 of a session's id is stored; Lucia passes `id` back into updates and
 * deletes, so it is given the raw id. The idle and absolute end and deactivation are enforced here.
 */
export const adapter: Adapter = {
  async getSessionAndUser(id): Promise<[DatabaseSession | null, DatabaseUser | null]> {
    const hash = sha256(id);
    const row = await readAtGate((tx) => findSession(tx, hash));
    if (!row || Math.min(row.expires_ms, row.absolute_ms) <= Date.now()) return [null, null];
    const attributes = {
      lastSeenAt: new Date(row.last_seen_ms),
      absoluteExpiresAt: new Date(row.absolute_ms),
      userAgent: null,
      address: null
    };
    return [
      { id, userId: row.user_id, expiresAt: new Date(row.expires_ms), attributes },
      { id: row.user_id, attributes: { actor: actorFrom(row, hash), mustChangePassword: row.must_change } }
    ];
  },

  getUserSessions: () => Promise.reject(new Error('Session ids are not stored; see listSessions')),

  async setSession({ id, userId, expiresAt, attributes }) {
    await asGate((tx) => tx.insert(sessions).values({ id: sha256(id), userId, expiresAt, ...attributes }));
  },

  updateSessionExpiration: (id, expiresAt) => touchSession(sha256(id), expiresAt),

  async deleteSession(id) {
    await asGate(async (tx) => {
      const ended = await tx
        .delete(sessions)
        .where(eq(sessions.id, sha256(id)))
        .returning({ id: sessions.id });
      await announce(tx, ended);
    });
  },

  deleteUserSessions: (userId) => asGate((tx) => endSessionsOf(tx, userId)),

  async deleteExpiredSessions() {
    const now = new Date();
    await asGate((tx) =>
      tx
        .delete(sessions)
        .where(sql`${lte(sessions.expiresAt, now)} or ${lte(sessions.absoluteExpiresAt, now)}`)
    );
  }
};
