import { randomBytes } from 'node:crypto';
import { inArray } from 'drizzle-orm';
import { userProfiles } from '#lib/people/schema.server.ts';
import { storePassword } from '#lib/platform/auth/commands.server.ts';
import { hashPassword } from '#lib/platform/auth/passwords.server.ts';
import type { Level } from '#lib/platform/auth/permissions.ts';
import { asSystem } from '#lib/platform/db/transactions.server.ts';
import { installDefaults } from '#lib/settings/defaults.server.ts';
import { firmSettings } from '#lib/settings/schema.server.ts';
import { seedBook, seedCatalogue } from './seed/book.ts';
import { chance } from './seed/chance.ts';
import { seedDuplicates, seedRequestDetails, seedViews } from './seed/office.ts';
import { climbLadders, forgetPastJobs } from './seed/ladders.ts';
import { addColleague, seedPeople } from './seed/people.ts';
import { seedPast } from './seed/past.ts';
import { seedReviews } from './seed/reviews.ts';
import { seedLeads, seedQueries, seedRequests } from './seed/work.ts';

/**
 * Fills an empty database with a believable distributor of financial products: twelve colleagues in three teams,
 * their books, pipeline and desk. All or nothing. Everybody signs in with `password`.
 */
export async function seedDemo({ password }: { password: string }): Promise<{
  accounts: { email: string; level: Level; title: string }[];
}> {
  const passwordHash = await hashPassword(password);
  return asSystem(async (tx) => {
    await installDefaults(tx, { name: 'Banyan Wealth' });
    await tx.update(firmSettings).set({ demo: true });
    const people = await seedPeople(tx, passwordHash);
    const rms = people.filter((one) => one.function === 'rm' && one.level === 2);
    const ops = people.filter((one) => one.function === 'ops' && one.level === 2);
    const dice = chance(20_260_401);
    const catalogue = await seedCatalogue(tx);
    const clients = await seedBook(tx, dice, rms, catalogue);
    const firm = { rms, ops, clients, catalogue };
    await seedLeads(tx, dice, firm);
    await seedQueries(tx, dice, firm);
    await seedRequests(tx, dice, firm);
    await seedReviews(tx, dice, firm);
    await seedRequestDetails(tx, dice, firm);
    await seedDuplicates(tx, firm);
    await seedPast(tx, dice, firm);
    await climbLadders(tx);
    await seedViews(tx, people);
    await forgetPastJobs(tx);
    return { accounts: people.map(({ email, level, title }) => ({ email, level, title })) };
  });
}

/** The first administrator of an empty firm, with a one-time password that he must change. */
export async function createFirstAdministrator(email: string): Promise<{ password: string }> {
  const password = randomBytes(12).toString('base64url');
  const passwordHash = await hashPassword(password);
  await asSystem(async (tx) => {
    await installDefaults(tx);
    const { id } = await addColleague(tx, { name: 'Administrator', role: 'administrator', email }, null);
    await storePassword(tx, id, passwordHash, { mustChange: true });
  });
  return { password };
}

/** Gives the demo accounts another password: the one everybody knows must not meet a network. */
export async function setDemoPassword({
  emails,
  password
}: {
  emails: string[];
  password: string;
}): Promise<void> {
  const passwordHash = await hashPassword(password);
  await asSystem(async (tx) => {
    const accounts = await tx
      .select({ userId: userProfiles.userId })
      .from(userProfiles)
      .where(inArray(userProfiles.email, emails));
    for (const { userId } of accounts) await storePassword(tx, userId, passwordHash);
  });
}
