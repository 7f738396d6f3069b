import { and, asc, eq, inArray, isNull } from 'drizzle-orm';
import { chmodSync, writeFileSync } from 'node:fs';
import { userProfiles, users } from '#lib/people/schema.server.ts';
import { issueInvitation } from '#lib/platform/auth/commands.server.ts';
import { credentials } from '#lib/platform/auth/schema.server.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { RuleViolation } from '#lib/platform/errors.ts';
import { csvLine } from './rejects.server.ts';
import type { Invited } from './report.ts';

/** One-time links for those of the people who have no password yet; links they had before stop working. */
export async function inviteWithoutPassword(
  tx: Tx,
  emails: string[],
  siteAddress: string
): Promise<Invited[]> {
  const people = await tx
    .select({ userId: users.id, name: users.name, email: userProfiles.email })
    .from(users)
    .innerJoin(userProfiles, eq(userProfiles.userId, users.id))
    .innerJoin(credentials, eq(credentials.userId, users.id))
    .where(
      and(inArray(userProfiles.emailKey, emails), eq(users.active, true), isNull(credentials.passwordHash))
    )
    .orderBy(asc(users.id));
  const invited: Invited[] = [];
  for (const { userId, name, email } of people) {
    const { token, expiresAt } = await issueInvitation(tx, userId);
    invited.push({ name, email, link: new URL(`/invite/${token}`, siteAddress).href, expiresAt });
  }
  return invited;
}

/** The links as a CSV that only its owner may read: whoever has a link can take the account. */
export function writeInvitations(path: string, invited: Invited[]): void {
  const lines = invited.map(({ name, email, link, expiresAt }) =>
    csvLine([name, email, link, expiresAt.toISOString()])
  );
  try {
    writeFileSync(path, '', { mode: 0o600 });
    chmodSync(path, 0o600);
    writeFileSync(path, `${['name,email,link,expires', ...lines].join('\n')}\n`);
  } catch {
    throw new RuleViolation(
      `The import is done, but the invitations cannot be written to ${path}: run it again`
    );
  }
}
