import { eq, inArray, sql } from 'drizzle-orm';
import { roles, teamMembers, teams, userProfiles, users } from '#lib/people/schema.server.ts';
import { credentials } from '#lib/platform/auth/schema.server.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { addressBook } from '../names.ts';
import { present } from '../present.ts';
import { tally, type Tally } from '../report.ts';
import type { Agent, Manager, SalesSet } from './model.ts';

export interface Person {
  userId: number;
  email: string;
  teamId: number;
}

export interface Staff {
  agents: Map<Agent, Person>;
  heads: Map<Manager, Person>;
  users: Tally;
  teams: Tally;
}

interface Newcomer {
  name: string;
  email: string;
  roleKey: 'head' | 'rm_executive';
}

/**
 * Managers as heads with a team each, agents as their members. They are known by their e-mail address and teams by
 * their name; who is there already stays as he is. New people have no password: they come in by invitation.
 */
export async function writeStaff(tx: Tx, set: SalesSet, domain: string): Promise<Staff> {
  const addressOf = addressBook(domain);
  const headNames = new Set(set.managers.map((manager) => manager.name));
  const newcomers = new Map<string, Newcomer>();
  for (const { name } of [...set.managers, ...set.agents])
    newcomers.set(name, {
      name,
      email: addressOf(name),
      roleKey: headNames.has(name) ? 'head' : 'rm_executive'
    });
  const added = await addUsers(tx, [...newcomers.values()]);
  const idOf = (name: string) => present(added.ids.get(addressOf(name)));
  const squads = await addTeams(tx, set.managers, idOf);
  const teamOf = (manager: Manager) => present(squads.ids.get(teamName(manager)));
  const person = (name: string, manager: Manager): Person => ({
    userId: idOf(name),
    email: addressOf(name),
    teamId: teamOf(manager)
  });
  const staff: Staff = {
    agents: new Map(set.agents.map((agent) => [agent, person(agent.name, agent.manager)])),
    heads: new Map(set.managers.map((manager) => [manager, person(manager.name, manager)])),
    users: added.tally,
    teams: squads.tally
  };
  await joinTeams(tx, staff, added.fresh);
  return staff;
}

async function addUsers(tx: Tx, newcomers: Newcomer[]) {
  const ids = await usersByEmail(tx, newcomers);
  const fresh = newcomers.filter(({ email }) => !ids.has(email));
  if (fresh.length > 0) {
    const roleIds = new Map(
      (await tx.select({ id: roles.id, key: roles.key }).from(roles)).map(({ id, key }) => [key, id])
    );
    const rows = await tx
      .insert(users)
      .values(fresh.map(({ name, roleKey }) => ({ name, roleId: present(roleIds.get(roleKey)) })))
      .returning({ id: users.id, name: users.name });
    const byName = new Map(rows.map(({ id, name }) => [name, id]));
    for (const { name, email } of fresh) ids.set(email, present(byName.get(name)));
    await tx
      .insert(userProfiles)
      .values(fresh.map(({ email }) => ({ userId: present(ids.get(email)), email, emailKey: email })));
    await tx.insert(credentials).values(fresh.map(({ email }) => ({ userId: present(ids.get(email)) })));
  }
  return {
    ids,
    fresh: new Set(fresh.map(({ email }) => email)),
    tally: tally(newcomers.length, fresh.length)
  };
}

async function usersByEmail(tx: Tx, newcomers: Newcomer[]): Promise<Map<string, number>> {
  if (newcomers.length === 0) return new Map();
  const emails = newcomers.map(({ email }) => email);
  const found = await tx
    .select({ id: userProfiles.userId, key: userProfiles.emailKey })
    .from(userProfiles)
    .where(inArray(userProfiles.emailKey, emails));
  return new Map(found.map(({ id, key }) => [key, id]));
}

async function addTeams(tx: Tx, managers: Manager[], idOf: (name: string) => number) {
  const ids = new Map<string, number>();
  if (managers.length === 0) return { ids, tally: tally(0, 0) };
  const read = () =>
    tx
      .select({ id: teams.id, name: teams.name })
      .from(teams)
      .where(inArray(teams.name, managers.map(teamName)));
  for (const { id, name } of await read()) ids.set(name, id);
  const fresh = managers.filter((manager) => !ids.has(teamName(manager)));
  if (fresh.length > 0) {
    const rows = await tx
      .insert(teams)
      .values(
        fresh.map((manager) => ({
          name: teamName(manager),
          function: 'rm' as const,
          headId: idOf(manager.name),
          region: manager.region
        }))
      )
      .returning({ id: teams.id, name: teams.name });
    for (const { id, name } of rows) ids.set(name, id);
  }
  return { ids, tally: tally(managers.length, fresh.length) };
}

/** Only the new ones: an administrator may have moved the others since. */
async function joinTeams(tx: Tx, { agents, heads }: Staff, fresh: Set<string>): Promise<void> {
  const isNew = ({ email }: Person) => fresh.has(email);
  const members = [...agents.values()].filter(isNew);
  if (members.length > 0)
    await tx.insert(teamMembers).values(members.map(({ userId, teamId }) => ({ userId, teamId })));
  const mainTeams = new Map(
    [...heads.values(), ...agents.values()].filter(isNew).map(({ userId, teamId }) => [userId, teamId])
  );
  for (const teamId of new Set(mainTeams.values())) {
    const userIds = [...mainTeams].filter(([, of]) => of === teamId).map(([userId]) => userId);
    await tx
      .update(users)
      .set({ mainTeamId: teamId, updatedAt: sql`now()` })
      .where(userIds.length === 1 ? eq(users.id, present(userIds[0])) : inArray(users.id, userIds));
  }
}

const teamName = (manager: Manager) => `${manager.name}'s team`;
