import { eq, inArray } from 'drizzle-orm';
import { requestTypes } from '#lib/desk/schema.server.ts';
import { roles, teamMembers, teams, userProfiles, users } from '#lib/people/schema.server.ts';
import { storePassword } from '#lib/platform/auth/commands.server.ts';
import type { Level } from '#lib/platform/auth/permissions.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { STAFF } from './words.ts';

export interface Colleague {
  id: number;
  name: string;
  email: string;
  level: Level;
  title: string;
  teamId: number | null;
  function: 'rm' | 'ops' | null;
}

interface NewColleague {
  name: string;
  role: 'administrator' | 'head' | 'rm_executive' | 'ops_executive';
  email: string;
}

export const demoAddress = (name: string) => `${name.toLowerCase().replaceAll(' ', '.')}@banyan.example`;

/** Adds a user with his role and address; the password's hash is stored where there is one. */
export async function addColleague(tx: Tx, { name, role, email }: NewColleague, passwordHash: string | null) {
  const [found] = await tx.select().from(roles).where(eq(roles.key, role));
  if (!found) throw new Error(`There is no role ${role}`);
  const [added] = await tx.insert(users).values({ name, roleId: found.id }).returning({ id: users.id });
  if (!added) throw new Error('The user was not added');
  await tx.insert(userProfiles).values({ userId: added.id, email, emailKey: email.toLowerCase() });
  if (passwordHash) await storePassword(tx, added.id, passwordHash);
  return { id: added.id, name, email, level: found.level as Level, title: found.name };
}

/** The demo firm's people and teams; operations gets every kind of request. */
export async function seedPeople(tx: Tx, passwordHash: string): Promise<Colleague[]> {
  const add = (name: string, role: NewColleague['role']) =>
    addColleague(tx, { name, role, email: demoAddress(name) }, passwordHash);
  const people: Colleague[] = [
    { ...(await add(STAFF.administrator, 'administrator')), teamId: null, function: null }
  ];
  for (const { name, function: of, region, head, members } of STAFF.teams) {
    const leader = await add(head, 'head');
    const [team] = await tx
      .insert(teams)
      .values({ name, function: of, region, headId: leader.id })
      .returning({ id: teams.id });
    if (!team) throw new Error('The team was not added');
    const own = [leader];
    for (const member of members) own.push(await add(member, of === 'rm' ? 'rm_executive' : 'ops_executive'));
    await tx.insert(teamMembers).values(own.map(({ id }) => ({ teamId: team.id, userId: id })));
    await tx
      .update(users)
      .set({ mainTeamId: team.id })
      .where(
        inArray(
          users.id,
          own.map(({ id }) => id)
        )
      );
    if (of === 'ops') await tx.update(requestTypes).set({ defaultTeamId: team.id });
    people.push(...own.map((one) => ({ ...one, teamId: team.id, function: of })));
  }
  return people;
}
