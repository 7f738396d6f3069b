import { randomUUID } from 'node:crypto';
import { hashPassword } from '#lib/platform/auth/passwords.server.ts';
import { storePassword } from '#lib/platform/auth/commands.server.ts';
import type { Grants, Level } from '#lib/platform/auth/permissions.ts';
import { asSystem } from '#lib/platform/db/transactions.server.ts';
import { roleGrants, roles, userProfiles, users } from '#lib/people/schema.server.ts';
import { Visitor } from './calls.ts';

export const PASSWORD = 'correct horse battery';

export interface Account {
  userId: number;
  email: string;
}

/** A person of a role of his own, who can sign in with PASSWORD. */
export async function addAccount(
  options: { level?: Level; grants?: Grants; name?: string; mustChange?: boolean } = {}
): Promise<Account> {
  const key = randomUUID();
  const email = `${key}@example.com`;
  const hash = await hashPassword(PASSWORD);
  const userId = await asSystem(async (tx) => {
    const [role] = await tx
      .insert(roles)
      .values({ key, name: key, level: options.level ?? 2 })
      .returning({ id: roles.id });
    const roleId = role?.id ?? 0;
    const grants = Object.entries(options.grants ?? {}).map(([permission, scope]) => ({
      roleId,
      permission,
      scope
    }));
    if (grants.length > 0) await tx.insert(roleGrants).values(grants);
    const [user] = await tx
      .insert(users)
      .values({ name: options.name ?? 'Asha Rao', roleId })
      .returning({ id: users.id });
    const id = user?.id ?? 0;
    await tx.insert(userProfiles).values({ userId: id, email, emailKey: email });
    await storePassword(tx, id, hash, { mustChange: options.mustChange ?? false });
    return id;
  });
  return { userId, email };
}

/** Such a person, signed in. */
export async function addVisitor(): Promise<Account & { visitor: Visitor }> {
  const account = await addAccount();
  const visitor = new Visitor();
  await visitor.signIn(account.email, PASSWORD);
  return { ...account, visitor };
}
