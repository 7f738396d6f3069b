import { and, eq, isNull, lt, or, sql } from 'drizzle-orm';
import { recordAtGate } from '#lib/platform/audit/acts.server.ts';
import { endSessionsOf } from '#lib/platform/auth/adapter.server.ts';
import { emailKey } from '#lib/platform/auth/model.ts';
import { hashPassword, passwordMatches } from '#lib/platform/auth/passwords.server.ts';
import {
  accounts,
  credentials,
  invitations,
  loginAttempts,
  sessions
} from '#lib/platform/auth/schema.server.ts';
import { randomToken, sha256 } from '#lib/platform/auth/secrets.server.ts';
import { endCurrentSession, startSession, type Visitor } from '#lib/platform/auth/sessions.server.ts';
import {
  byAccount,
  byAddress,
  byUser,
  countAttempt,
  forgetAttempt
} from '#lib/platform/auth/throttle.server.ts';
import { asGate, readAtGate, type Tx } from '#lib/platform/db/transactions.server.ts';
import { NotFound, RuleViolation, Unauthenticated } from '#lib/platform/errors.ts';

const DAY_MS = 24 * 60 * 60_000;
const INVITATION_MS = 7 * DAY_MS;

/** Sets or replaces a password's hash. For the gate, and for setting up people as system. */
export async function storePassword(
  tx: Tx,
  userId: number,
  passwordHash: string,
  { mustChange = false }: { mustChange?: boolean } = {}
): Promise<void> {
  const values = { passwordHash, mustChange, changedAt: new Date() };
  await tx
    .insert(credentials)
    .values({ userId, ...values })
    .onConflictDoUpdate({ target: credentials.userId, set: values });
}

async function findAccount(tx: Tx, email: string) {
  const rows = await tx.execute<{ user_id: number; active: boolean; password_hash: string | null }>(sql`
    select u.id as user_id, u.active, k.password_hash
    from user_profiles p join users u on u.id = p.user_id left join credentials k on k.user_id = u.id
    where p.email_key = ${emailKey(email)}`);
  return rows[0];
}

/**
 * Checks e-mail and password and starts a session. An unknown address, a wrong password and a deactivated person get
 * the same answer after the same work. Throws Unauthenticated or TooManyAttempts.
 */
export async function signIn(input: { email: string; password: string }, visitor: Visitor) {
  const account = byAccount(input.email);
  const address = byAddress(visitor.address);
  await asGate((tx) => countAttempt(tx, [account, address]));
  const found = await readAtGate((tx) => findAccount(tx, input.email));
  const matches = await passwordMatches(found?.password_hash ?? null, input.password);
  const from = { address: visitor.address };
  if (!found?.active || !matches) {
    await asGate((tx) => recordAtGate(tx, 'sign_in_failed', found?.user_id ?? null, from));
    throw new Unauthenticated('E-mail or password is wrong');
  }
  await asGate(async (tx) => {
    await forgetAttempt(tx, account, address);
    await recordAtGate(tx, 'sign_in', found.user_id, from);
  });
  return startSession(found.user_id, visitor);
}

/** Ends the session a person signs out of; `id` is the raw one of the cookie. */
export async function signOut(id: string, userId: number): Promise<void> {
  await endCurrentSession(id);
  await asGate((tx) => recordAtGate(tx, 'sign_out', userId));
}

/** Changes one's own password and ends one's other sessions. A wrong current password is a RuleViolation. */
export async function changePassword(
  userId: number,
  input: { current: string; password: string },
  sessionHash: string
): Promise<void> {
  const attempts = byUser(userId);
  await asGate((tx) => countAttempt(tx, [attempts]));
  const [stored] = await asGate((tx) =>
    tx.select({ hash: credentials.passwordHash }).from(credentials).where(eq(credentials.userId, userId))
  );
  if (!(await passwordMatches(stored?.hash ?? null, input.current))) {
    throw new RuleViolation('The current password is wrong', { field: 'current' });
  }
  if (input.password === input.current) {
    throw new RuleViolation('Choose a password other than the current one', { field: 'password' });
  }
  const passwordHash = await hashPassword(input.password);
  await asGate(async (tx) => {
    await storePassword(tx, userId, passwordHash);
    await endSessionsOf(tx, userId, sessionHash);
    await forgetAttempt(tx, attempts);
    await recordAtGate(tx, 'password', userId);
  });
}

/**
 * Makes a one-time link's token for a person, valid for seven days; earlier ones stop working. For the gate or the
 * system. Only the token's hash is stored: send it, do not keep it.
 */
export async function issueInvitation(tx: Tx, userId: number): Promise<{ token: string; expiresAt: Date }> {
  const token = randomToken();
  const expiresAt = new Date(Date.now() + INVITATION_MS);
  await tx.delete(invitations).where(and(eq(invitations.userId, userId), isNull(invitations.usedAt)));
  await tx.insert(invitations).values({ tokenHash: sha256(token), userId, expiresAt });
  return { token, expiresAt };
}

async function findInvitation(tx: Tx, token: string) {
  const [found] = await tx.execute<{ user_id: number; name: string; email: string }>(sql`
    select i.user_id, u.name, p.email
    from invitations i join users u on u.id = i.user_id and u.active join user_profiles p on p.user_id = u.id
    join accounts a on a.user_id = u.id and coalesce(i.created_at > a.links_valid_from, true)
    where i.token_hash = ${sha256(token)} and i.used_at is null and i.expires_at > ${new Date()}::timestamptz
    for update of i`);
  if (!found) throw new NotFound('This invitation is not valid any more. Please ask for a new one');
  return found;
}

/** Whom an invitation is for; NotFound when it was used or has run out. */
export async function readInvitation(token: string): Promise<{ name: string; email: string }> {
  const { name, email } = await asGate((tx) => findInvitation(tx, token));
  return { name, email };
}

/** Sets the invited person's password, uses the invitation up and signs him in. */
export async function acceptInvitation(input: { token: string; password: string }, visitor: Visitor) {
  await readInvitation(input.token);
  const passwordHash = await hashPassword(input.password);
  const userId = await asGate(async (tx) => {
    const found = await findInvitation(tx, input.token);
    await tx
      .update(invitations)
      .set({ usedAt: new Date() })
      .where(eq(invitations.tokenHash, sha256(input.token)));
    await storePassword(tx, found.user_id, passwordHash);
    await endSessionsOf(tx, found.user_id);
    await recordAtGate(tx, 'sign_in', found.user_id, { address: visitor.address, by: 'invitation' });
    return found.user_id;
  });
  return startSession(userId, visitor);
}

/** Housekeeping: removes what has run out. */
export async function tidyGate(): Promise<void> {
  const now = new Date();
  const yesterday = new Date(now.getTime() - DAY_MS);
  await asGate(async (tx) => {
    const ended = sql`exists (select 1 from ${accounts} where ${accounts.userId} = ${sessions.userId}
      and ${accounts.sessionsValidFrom} >= ${sessions.createdAt})`;
    await tx
      .delete(sessions)
      .where(or(lt(sessions.expiresAt, now), lt(sessions.absoluteExpiresAt, now), ended));
    await tx.delete(invitations).where(lt(invitations.expiresAt, yesterday));
    await tx
      .delete(loginAttempts)
      .where(
        and(
          lt(loginAttempts.firstFailedAt, yesterday),
          or(isNull(loginAttempts.lockedUntil), lt(loginAttempts.lockedUntil, yesterday))
        )
      );
  });
}
