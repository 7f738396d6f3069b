import { eq, sql } from 'drizzle-orm';
import { holdsEverything } from '#lib/people/rights.ts';
import { personById } from '#lib/people/person.server.ts';
import { roleById } from '#lib/people/role-reads.server.ts';
import { teamMembers, teams, users } from '#lib/people/schema.server.ts';
import { teamById } from '#lib/people/team-reads.server.ts';
import type { Actor, Grants, Level } from '#lib/platform/auth/permissions.ts';
import { withEyesOf, type Tx } from '#lib/platform/db/transactions.server.ts';
import { Forbidden, RuleViolation } from '#lib/platform/errors.ts';
import { look, type Sight } from './sight.server.ts';

export interface Preview extends Sight {
  /** Null for a role that was looked at without a person. */
  userId: number | null;
  roleId: number;
  name: string;
  role: string;
  level: Level;
  /** Teams he belongs to or heads, by name. */
  teams: string[];
  grants: Grants;
  assessment: boolean;
}

/**
 * What a colleague sees and may do: read under his identity in the database. Leaves a mark in the audit trail. For
 * administrators alone, since it shows what others see.
 */
export async function previewPerson(tx: Tx, actor: Actor, userId: number): Promise<Preview> {
  mustSeeEverything(actor);
  const person = await personById(tx, actor, userId);
  if (!person.active)
    throw new RuleViolation(`${person.name} is deactivated and sees nothing`, { field: 'userId' });
  const seesAll = person.level === 0;
  const sight = await withEyesOf(tx, () => Promise.resolve({ userId, seesAll }), look);
  await record(tx, 'users', userId);
  const { name, role, roleId, level, grants, assessment } = person;
  return {
    ...sight,
    ...{ userId, name, role, roleId, level, grants },
    assessment: assessment || seesAll,
    teams: person.teams.map((team) => (team.isHead ? `${team.name} (head)` : team.name))
  };
}

/**
 * What somebody new with this role would see: a person is made, put into the team (as its head where the role is a
 * head's), looked through, and undone.
 */
export async function previewRole(
  tx: Tx,
  actor: Actor,
  { roleId, teamId }: { roleId: number; teamId?: number | undefined }
): Promise<Preview> {
  mustSeeEverything(actor);
  const role = await roleById(tx, actor, roleId);
  const team = teamId === undefined ? null : await teamById(tx, actor, teamId);
  const arrange = async (inner: Tx) => ({
    userId: await newcomer(inner, role, team?.id ?? null),
    seesAll: role.level === 0
  });
  const sight = await withEyesOf(tx, arrange, look);
  await record(tx, 'roles', roleId);
  const { level, grants } = role;
  const teamName = team && (level === 1 ? `${team.name} (head)` : team.name);
  return {
    ...sight,
    ...{ userId: null, name: `Somebody new`, role: role.name, roleId, level, grants },
    assessment: level === 0,
    teams: teamName ? [teamName] : []
  };
}

async function newcomer(tx: Tx, role: { id: number; level: Level }, teamId: number | null): Promise<number> {
  const [added] = await tx
    .insert(users)
    .values({ name: 'Preview', roleId: role.id, mainTeamId: teamId })
    .returning({ id: users.id });
  const userId = added?.id ?? 0;
  if (teamId === null) return userId;
  await tx.insert(teamMembers).values({ teamId, userId });
  if (role.level === 1) await tx.update(teams).set({ headId: userId }).where(eq(teams.id, teamId));
  return userId;
}

function mustSeeEverything(actor: Actor): void {
  if (!holdsEverything(actor)) throw new Forbidden('What others see is shown to administrators');
}

const record = (tx: Tx, table: 'users' | 'roles', id: number) =>
  tx.execute(sql`select app.record_preview(${table}, ${id})`);
