import { and, eq, isNull, sql } from 'drizzle-orm';
import { may, type Actor } from '#lib/platform/auth/permissions.ts';
import { onConstraint } from '#lib/platform/db/failures.server.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { Conflict, Forbidden, NotFound, RuleViolation } from '#lib/platform/errors.ts';
import { roles, teamMembers, teams, users } from './schema.server.ts';
import type { CreateTeamInput, UpdateTeamInput } from './team-inputs.ts';
import { teamById, workOfTeam, type TeamWork } from './team-reads.server.ts';

const NAME_TAKEN = new RuleViolation('Another team has this name', { field: 'name' });

/** Adds a team. Its head sees the work of its members from then on, and belongs to it. */
export async function createTeam(tx: Tx, actor: Actor, input: CreateTeamInput): Promise<{ id: number }> {
  await mustBeAbleToHead(tx, actor, input.headId, null);
  const [added] = await tx
    .insert(teams)
    .values(input)
    .returning({ id: teams.id })
    .catch((error: unknown) => onConstraint(error, 'teams_name_unique', NAME_TAKEN));
  if (!added) throw new Error('The team was not added');
  if (input.headId !== null) await join(tx, actor, added.id, input.headId);
  return added;
}

/** Changes a team. A stale version is a Conflict. */
export async function updateTeam(tx: Tx, actor: Actor, input: UpdateTeamInput): Promise<void> {
  const { id, version, ...values } = input;
  const current = await teamById(tx, actor, id);
  if (current.version !== version) throw new Conflict(undefined, { current });
  await mustBeAbleToHead(tx, actor, values.headId, current.headId);
  const [changed] = await tx
    .update(teams)
    .set({ ...values, updatedAt: sql`now()`, version: sql`${teams.version} + 1` })
    .where(and(eq(teams.id, id), eq(teams.version, version)))
    .returning({ id: teams.id })
    .catch((error: unknown) => onConstraint(error, 'teams_name_unique', NAME_TAKEN));
  if (!changed) throw new Conflict(undefined, { current: await teamById(tx, actor, id) });
  if (values.headId !== null && values.headId !== current.headId) await join(tx, actor, id, values.headId);
}

/** Removes a team that nobody belongs to and no work is with; says what there is otherwise. */
export async function removeTeam(
  tx: Tx,
  actor: Actor,
  input: { id: number; version: number }
): Promise<void> {
  const current = await teamById(tx, actor, input.id);
  if (current.version !== input.version) throw new Conflict(undefined, { current });
  const work = await workOfTeam(tx, input.id);
  const kept = inWords(work);
  if (kept.length > 0)
    throw new RuleViolation(
      `${current.name} still has ${kept.join(', ')}. Move them to another team first`,
      work
    );
  await mustNotBePromised(tx, current);
  const removed = await tx.delete(teams).where(eq(teams.id, input.id)).returning({ id: teams.id });
  if (removed.length === 0) throw new NotFound();
}

/** A policy may be for the work of one team. */
async function mustNotBePromised(tx: Tx, { id, name }: { id: number; name: string }): Promise<void> {
  const rows = await tx.execute<{ name: string }>(
    sql`select name from policies where team_id = ${id} order by position`
  );
  const names = [...rows].map((policy) => `“${policy.name}”`).join(', ');
  if (names)
    throw new RuleViolation(
      `${name} is what ${names} ${rows.length === 1 ? 'is' : 'are'} for. Change that first`
    );
}

/** Adds somebody to a team, whose queue he sees from then on. Being there already changes nothing. */
export async function addMember(tx: Tx, actor: Actor, teamId: number, userId: number): Promise<void> {
  await teamById(tx, actor, teamId);
  const [user] = await tx
    .select({ name: users.name, active: users.active })
    .from(users)
    .where(eq(users.id, userId));
  if (!user) throw new NotFound();
  if (!user.active) throw new RuleViolation(`${user.name} is deactivated`, { field: 'userId' });
  await join(tx, actor, teamId, userId);
}

/** Takes somebody out of a team; its head stays as long as he heads it. Not being there changes nothing. */
export async function removeMember(tx: Tx, actor: Actor, teamId: number, userId: number): Promise<void> {
  const team = await teamById(tx, actor, teamId);
  if (team.headId === userId)
    throw new RuleViolation(`${team.headName} heads ${team.name}. Choose another head first`);
  const [gone] = await tx
    .delete(teamMembers)
    .where(and(eq(teamMembers.teamId, teamId), eq(teamMembers.userId, userId)))
    .returning({ userId: teamMembers.userId });
  if (!gone) throw new NotFound();
}

async function join(tx: Tx, actor: Actor, teamId: number, userId: number): Promise<void> {
  if (userId === actor.userId && !actor.seesAll)
    throw new Forbidden('Somebody else must change the teams you belong to');
  await tx.insert(teamMembers).values({ teamId, userId }).onConflictDoNothing();
  if (!may(actor, 'admin.users') && !actor.seesAll) return;
  await tx
    .update(users)
    .set({ mainTeamId: teamId })
    .where(and(eq(users.id, userId), isNull(users.mainTeamId)));
}

async function mustBeAbleToHead(tx: Tx, actor: Actor, headId: number | null, before: number | null) {
  if (headId === null || headId === before) return;
  if (headId === actor.userId && !actor.seesAll)
    throw new Forbidden('Somebody else must make you the head of a team');
  const [known] = await tx
    .select({ name: users.name, active: users.active, level: roles.level })
    .from(users)
    .innerJoin(roles, eq(roles.id, users.roleId))
    .where(eq(users.id, headId));
  if (!known) throw new NotFound();
  if (known.active && known.level <= 1) return;
  throw new RuleViolation(`${known.name} cannot head a team: it takes an active person with a head’s role`, {
    field: 'headId'
  });
}

function inWords(work: TeamWork): string[] {
  const of = (count: number, one: string, many: string) =>
    count > 0 ? [`${count} ${count === 1 ? one : many}`] : [];
  return [
    ...of(work.members, 'member', 'members'),
    ...of(work.leads, 'lead', 'leads'),
    ...of(work.queries, 'query', 'queries'),
    ...of(work.requests, 'service request', 'service requests'),
    ...of(work.requestTypes, 'request type that goes to it', 'request types that go to it')
  ];
}
