import { and, eq, inArray, notInArray, sql } from 'drizzle-orm';
import { emailKey } from '#lib/platform/auth/model.ts';
import { withdrawLinks } from '#lib/platform/auth/links.server.ts';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import { onConstraint } from '#lib/platform/db/failures.server.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { Conflict, Forbidden, NotFound, RuleViolation } from '#lib/platform/errors.ts';
import { decideInTurn, mustLeaveAnAdministrator } from './administrators.server.ts';
import { sendLink, tellOfNewAddress } from './links.server.ts';
import { personById, personToAdminister, type Person } from './person.server.ts';
import { roleToGive } from './role-reads.server.ts';
import { teamMembers, teams, userCapabilities, userProfiles, users } from './schema.server.ts';
import type { CreatePersonInput, UpdatePersonInput } from './user-inputs.ts';

const ADDRESS_TAKEN = new RuleViolation('Somebody has this address already', { field: 'email' });

/**
 * Adds a colleague and has a one-time link mailed to him. Forbidden where the role, or the capability, is more than the
 * actor holds himself.
 */
export async function createPerson(tx: Tx, actor: Actor, input: CreatePersonInput): Promise<{ id: number }> {
  await decideInTurn(tx, actor, 'admin.users');
  const role = await roleToGive(tx, actor, input.roleId);
  mustHoldAssessment(actor, input.assessment);
  const mainTeamId = await mainTeamOf(tx, input);
  const [added] = await tx
    .insert(users)
    .values({ name: input.name, extension: input.extension, roleId: role.id, mainTeamId })
    .returning({ id: users.id });
  if (!added) throw new Error('The user was not added');
  await tx
    .insert(userProfiles)
    .values({ userId: added.id, emailKey: emailKey(input.email), ...profileOf(input) })
    .catch((error: unknown) => onConstraint(error, 'user_profiles_emailKey_unique', ADDRESS_TAKEN));
  await setTeams(tx, added.id, input.teamIds);
  await setAssessment(tx, added.id, input.assessment);
  await sendLink(tx, { id: added.id, name: input.name, email: input.email }, 'invitation');
  return added;
}

/** Changes a colleague. Nobody changes his own role or capability; a stale version is a Conflict. */
export async function updatePerson(tx: Tx, actor: Actor, input: UpdatePersonInput): Promise<void> {
  await decideInTurn(tx, actor, 'admin.users');
  const current = await personToAdminister(tx, actor, input.id);
  if (current.version !== input.version) throw new Conflict(undefined, { current });
  if (input.roleId !== current.roleId) await changeOfRole(tx, actor, current, input.roleId);
  if (input.assessment !== current.assessment) {
    mustNotBeSelf(actor, current);
    mustHoldAssessment(actor, input.assessment);
  }
  const teamsChange = String([...input.teamIds].sort()) !== String([...current.teamIds].sort());
  if (teamsChange && current.id === actor.userId && !actor.seesAll)
    throw new Forbidden('Somebody else must change the teams you belong to');
  const mainTeamId = await mainTeamOf(tx, input);
  await tx
    .update(userProfiles)
    .set({ emailKey: emailKey(input.email), ...profileOf(input) })
    .where(eq(userProfiles.userId, input.id))
    .catch((error: unknown) => onConstraint(error, 'user_profiles_emailKey_unique', ADDRESS_TAKEN));
  if (teamsChange) await setTeams(tx, input.id, input.teamIds);
  if (input.assessment !== current.assessment) await setAssessment(tx, input.id, input.assessment);
  await write(tx, actor, input, mainTeamId);
  if (input.roleId !== current.roleId) await mustLeaveAnAdministrator(tx);
  if (current.email && emailKey(current.email) !== emailKey(input.email))
    await addressChanged(tx, actor, current, input);
}

async function write(tx: Tx, actor: Actor, input: UpdatePersonInput, mainTeamId: number | null) {
  const { id, version, name, extension, roleId } = input;
  const [changed] = await tx
    .update(users)
    .set({ name, extension, roleId, mainTeamId, updatedAt: sql`now()`, version: sql`${users.version} + 1` })
    .where(and(eq(users.id, id), eq(users.version, version)))
    .returning({ id: users.id });
  if (!changed) throw new Conflict(undefined, { current: await personById(tx, actor, id) });
}

async function changeOfRole(tx: Tx, actor: Actor, person: Person, roleId: number) {
  mustNotBeSelf(actor, person);
  const role = await roleToGive(tx, actor, roleId);
  const headed = person.teams.filter(({ isHead }) => isHead).map(({ name }) => name);
  if (role.level === 2 && headed.length > 0)
    throw new RuleViolation(`Choose another head of ${headed.join(' and ')} first`, { field: 'roleId' });
}

function mustNotBeSelf(actor: Actor, person: { id: number }) {
  if (person.id === actor.userId) throw new Forbidden('Somebody else must change what you may do yourself');
}

function mustHoldAssessment(actor: Actor, wanted: boolean) {
  if (wanted && !actor.seesAll && !actor.capabilities.includes('assessment'))
    throw new Forbidden('Only those who see assessments may let others see them');
}

const profileOf = ({ email, phone, timeZone, language }: CreatePersonInput) => ({
  email,
  phone,
  timeZone,
  language
});

/** The main team is one of his; the first where none was named. */
async function mainTeamOf(
  tx: Tx,
  { teamIds, mainTeamId }: Pick<CreatePersonInput, 'teamIds' | 'mainTeamId'>
): Promise<number | null> {
  if (mainTeamId !== null && !teamIds.includes(mainTeamId))
    throw new RuleViolation('The main team is one of those he belongs to', { field: 'mainTeamId' });
  if (teamIds.length === 0) return null;
  const known = await tx.select({ id: teams.id }).from(teams).where(inArray(teams.id, teamIds));
  if (known.length !== new Set(teamIds).size) throw new NotFound();
  return mainTeamId ?? teamIds[0] ?? null;
}

async function setTeams(tx: Tx, userId: number, teamIds: number[]): Promise<void> {
  const mine = eq(teamMembers.userId, userId);
  await tx
    .delete(teamMembers)
    .where(teamIds.length > 0 ? and(mine, notInArray(teamMembers.teamId, teamIds)) : mine);
  if (teamIds.length > 0)
    await tx
      .insert(teamMembers)
      .values(teamIds.map((teamId) => ({ teamId, userId })))
      .onConflictDoNothing();
}

async function setAssessment(tx: Tx, userId: number, wanted: boolean): Promise<void> {
  if (wanted)
    await tx.insert(userCapabilities).values({ userId, capability: 'assessment' }).onConflictDoNothing();
  else await tx.delete(userCapabilities).where(eq(userCapabilities.userId, userId));
}

/** A link that went to the old address is void; the old address is told, in case nobody asked for this. */
async function addressChanged(tx: Tx, actor: Actor, before: Person, { id, name, email }: UpdatePersonInput) {
  await withdrawLinks(tx, id);
  if (before.account && !before.account.passwordSetAt) await sendLink(tx, { id, name, email }, 'invitation');
  else if (before.email) await tellOfNewAddress(tx, { id, name, email: before.email }, email, actor.name);
}
