import { eq, sql } from 'drizzle-orm';
import { issueInvitation } from '#lib/platform/auth/commands.server.ts';
import { accounts } from '#lib/platform/auth/schema.server.ts';
import { asGate, type Tx } from '#lib/platform/db/transactions.server.ts';

/**
 * Stands in the text of a mail where the token of a one-time link belongs. Tokens are made as the mail goes out and
 * are in nothing that is kept: whoever reads the outbox cannot take an account.
 */
export const LINK_TOKEN = 'made-when-this-mail-is-sent';

/** Says that this mail, and no other, shall bring a person his link. As somebody who looks after users. */
export async function expectLink(tx: Tx, userId: number, mailKey: string): Promise<void> {
  await tx
    .update(accounts)
    .set({ invitationMail: mailKey, invitationExpiresAt: null, invitedAt: sql`clock_timestamp()` })
    .where(eq(accounts.userId, userId));
}

/** Takes links back: those sent and those still to be sent. As somebody who looks after users. */
export async function withdrawLinks(tx: Tx, userId: number): Promise<void> {
  await tx
    .update(accounts)
    .set({ invitationMail: null, invitationExpiresAt: null, linksValidFrom: sql`clock_timestamp()` })
    .where(eq(accounts.userId, userId));
}

/** Ends every session of a person in the transaction it is asked in. As somebody who looks after users. */
export async function endAllSessions(tx: Tx, userId: number): Promise<void> {
  await tx
    .update(accounts)
    .set({ sessionsValidFrom: sql`clock_timestamp()` })
    .where(eq(accounts.userId, userId));
  await tx.execute(sql`select pg_notify('app_sessions', ${`user:${userId}`})`);
}

/**
 * The token for a mail that is about to be sent; null when its link is not wanted any more, since it was withdrawn,
 * asked for again, or the person has left.
 */
export function tokenFor(mailKey: string): Promise<string | null> {
  return asGate(async (tx) => {
    const [wanted] = await tx.execute<{ user_id: number }>(sql`
      select a.user_id from accounts a join users u on u.id = a.user_id and u.active
      where a.invitation_mail = ${mailKey} for update of a`);
    return wanted ? (await issueInvitation(tx, wanted.user_id)).token : null;
  });
}
