import { eq, sql, type SQL } from 'drizzle-orm';
import { inScope, may, type Actor, type Grants, type Level } from '#lib/platform/auth/permissions.ts';
import { accounts } from '#lib/platform/auth/schema.server.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { Forbidden, NotFound } from '#lib/platform/errors.ts';
import type { AccountFacts } from './account.ts';
import { isWithin } from './rights.ts';
import { roles, userProfiles, users } from './schema.server.ts';

export interface PersonTeam {
  id: number;
  name: string;
  function: 'rm' | 'ops';
  isHead: boolean;
  isMember: boolean;
}

const teamsOf = sql<PersonTeam[]>`(
  select coalesce(jsonb_agg(jsonb_build_object('id', t.id, 'name', t.name, 'function', t.function,
    'isHead', t.head_id is not distinct from ${users.id}, 'isMember', m.user_id is not null) order by t.name), '[]')
  from teams t left join team_members m on m.team_id = t.id and m.user_id = ${users.id}
  where t.head_id = ${users.id} or m.user_id is not null)`;

const grantsOf = sql<Grants>`(
  select coalesce(jsonb_object_agg(g.permission, g.scope), '{}') from role_grants g where g.role_id = ${users.roleId})`;

const assesses = sql<boolean>`exists (
  select 1 from user_capabilities c where c.user_id = ${users.id} and c.capability = 'assessment')`;

const substituteName = sql<string | null>`(select s.name from users s where s.id = ${users.substituteId})`;

const headsTeam = sql<boolean>`(${roles.level} <= 1
  and exists (select 1 from teams t where t.head_id = ${users.id} and t.active))`;

/** Who gets the digest of the morning unless he says otherwise: whoever heads an active team. */
export const usualDigest = headsTeam;

/** Not for administrators who head nobody; that of the week is for administrators alone. */
const wantsMorning = sql<boolean>`(coalesce(${userProfiles.digest}, ${usualDigest})
  and (${roles.level} > 0 or ${headsTeam}))`;
const wantsWeek = sql<boolean>`(${roles.level} = 0 and coalesce(${userProfiles.weeklyDigest}, true))`;

const withProfile = (wants: SQL<boolean>) =>
  sql<boolean | null>`case when ${userProfiles.userId} is not null then ${wants} end`;

const columns = {
  id: users.id,
  name: users.name,
  extension: users.extension,
  active: users.active,
  roleId: users.roleId,
  role: roles.name,
  level: sql<Level>`${roles.level}`,
  grants: grantsOf,
  mainTeamId: users.mainTeamId,
  teams: teamsOf,
  assessment: assesses,
  leaveFrom: users.leaveFrom,
  leaveTo: users.leaveTo,
  substituteId: users.substituteId,
  substituteName,
  version: users.version,
  email: userProfiles.email,
  phone: userProfiles.phone,
  timeZone: userProfiles.timeZone,
  language: userProfiles.language,
  digestAt: sql<string | null>`to_char(${userProfiles.digestAt}, 'HH24:MI')`,
  /** Heads an active team. */
  heads: headsTeam,
  digest: withProfile(wantsMorning),
  weeklyDigest: withProfile(wantsWeek),
  accountId: accounts.userId,
  invitedAt: accounts.invitedAt,
  invitationMail: accounts.invitationMail,
  invitationExpiresAt: accounts.invitationExpiresAt,
  passwordSetAt: accounts.passwordSetAt,
  lastSignInAt: accounts.lastSignInAt
};

export type Person = Awaited<ReturnType<typeof personById>>;

/**
 * A colleague as far as the actor may know him: name, role and teams always; `email` and the rest of the profile are
 * null for those who do not see his records, `account` for those who do not look after users. Throws NotFound.
 */
export async function personById(tx: Tx, actor: Actor, id: number) {
  const [row] = await tx
    .select(columns)
    .from(users)
    .innerJoin(roles, eq(roles.id, users.roleId))
    .leftJoin(userProfiles, eq(userProfiles.userId, users.id))
    .leftJoin(accounts, eq(accounts.userId, users.id))
    .where(eq(users.id, id));
  if (!row) throw new NotFound();
  const {
    accountId,
    invitedAt,
    invitationMail,
    invitationExpiresAt,
    passwordSetAt,
    lastSignInAt,
    ...person
  } = row;
  const account: AccountFacts | null =
    accountId === null || !may(actor, 'admin.users')
      ? null
      : { invitedAt, invitationMail, invitationExpiresAt, passwordSetAt, lastSignInAt };
  return { ...person, teamIds: memberships(person.teams), account, can: whatMay(actor, person) };
}

const memberships = (teams: PersonTeam[]) => teams.filter(({ isMember }) => isMember).map(({ id }) => id);

/** What the actor may do with a colleague; buttons and commands ask the same. */
function whatMay(actor: Actor, person: { id: number; level: Level; grants: Grants }) {
  const administer = may(actor, 'admin.users') && isWithin(actor, person);
  return {
    /** Name, address, role, teams, links by mail. */
    administer,
    /** Take away or give what decides what he may do: never one's own. */
    decide: administer && person.id !== actor.userId,
    setLeave: inScope(actor, 'people.edit', { userIds: [person.id] })
  };
}

/** A colleague whom the actor may look after. Throws NotFound, or Forbidden where he may do more than the actor. */
export async function personToAdminister(tx: Tx, actor: Actor, id: number): Promise<Person> {
  const person = await personById(tx, actor, id);
  if (!person.can.administer)
    throw new Forbidden(`${person.name} may do more than you: an administrator must do this`);
  return person;
}
