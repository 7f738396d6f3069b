import { and, asc, eq } from 'drizzle-orm';
import { roles, userProfiles, users } from '#lib/people/schema.server.ts';
import { credentials } from '#lib/platform/auth/schema.server.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';

export interface Administrator {
  userId: number;
  email: string;
}

/** The active administrators, the oldest first. */
export function administrators(tx: Tx): Promise<Administrator[]> {
  return tx
    .select({ userId: users.id, email: userProfiles.email })
    .from(users)
    .innerJoin(roles, eq(roles.id, users.roleId))
    .innerJoin(userProfiles, eq(userProfiles.userId, users.id))
    .where(and(eq(roles.level, 0), eq(users.active, true)))
    .orderBy(asc(users.id));
}

/** A firm must have an administrator: makes one who signs in by invitation where there is none. */
export async function ensureAdministrator(
  tx: Tx,
  email: string
): Promise<Administrator & { isNew: boolean }> {
  const [existing] = await administrators(tx);
  if (existing) return { ...existing, isNew: false };
  const [role] = await tx.select({ id: roles.id }).from(roles).where(eq(roles.key, 'administrator'));
  if (!role) throw new Error('The role of administrators is missing');
  const [user] = await tx
    .insert(users)
    .values({ name: 'Administrator', roleId: role.id })
    .returning({ id: users.id });
  if (!user) throw new Error('The administrator was not written');
  await tx.insert(userProfiles).values({ userId: user.id, email, emailKey: email.toLowerCase() });
  await tx.insert(credentials).values({ userId: user.id });
  return { userId: user.id, email, isNew: true };
}
