import { actorOf } from '#lib/platform/auth/actor.server.ts';
import type { Actor, Grants } from '#lib/platform/auth/permissions.ts';
import { callerFor } from '#lib/platform/trpc/caller.server.ts';
import { addAccount } from './accounts.ts';
import type { TestFirm } from './firm.ts';

let numbered = 0;

/** A number that no name or address has yet. */
export const fresh = () => ++numbered;

/** The form of somebody new: an RM in the team North. */
export const newcomer = (firm: TestFirm, more: object = {}) => ({
  name: 'Nina New',
  email: `Nina.New${fresh()}@Firm.test`,
  phone: null,
  extension: null,
  roleId: firm.roleIds.rm_executive,
  teamIds: [firm.teams.rm],
  mainTeamId: null,
  assessment: false,
  timeZone: null,
  language: 'en' as const,
  ...more
});

/** The form of a person as it stands, with changes. */
export async function changed(firm: TestFirm, id: number, more: object) {
  const person = await callerFor(firm.admin).people.byId({ id });
  const { name, phone, extension, roleId, teamIds, mainTeamId, assessment, timeZone, version } = person;
  const fields = { name, phone, extension, roleId, teamIds, mainTeamId, assessment, timeZone };
  return { id, version, ...fields, email: person.email ?? '', language: 'en' as const, ...more };
}

type Scopes = Record<string, Record<string, 'own' | 'team' | 'all'>>;

/** The form of a role with these grants, by module and verb. */
export const newRole = (grants: Scopes = {}, level = 2) => ({ name: `Role ${fresh()}`, level, grants });

const KEEPER: Grants = {
  'people.view': 'all',
  'people.edit': 'own',
  'leads.view': 'team',
  'admin.users': 'all',
  'admin.teams': 'all',
  'admin.roles': 'all'
};

/** Somebody who looks after users, teams and roles without being an administrator. */
export async function mintKeeper(): Promise<Actor> {
  return actorOf((await addAccount({ level: 1, grants: KEEPER, name: 'Kiran Keeper' })).userId);
}
