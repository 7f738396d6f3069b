import { eq } from 'drizzle-orm';
import { inScope, type Actor, type Permission } from '#lib/platform/auth/permissions.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { Forbidden, NotFound, RuleViolation } from '#lib/platform/errors.ts';
import { teamMembers, users } from './schema.server.ts';

export interface Colleague {
  id: number;
  mainTeamId: number | null;
  teamIds: number[];
}

/** An active colleague to whom work can go. */
export async function colleague(tx: Tx, id: number): Promise<Colleague> {
  const rows = await tx
    .select({ id: users.id, active: users.active, mainTeamId: users.mainTeamId, teamId: teamMembers.teamId })
    .from(users)
    .leftJoin(teamMembers, eq(teamMembers.userId, users.id))
    .where(eq(users.id, id));
  const [user] = rows;
  if (!user) throw new NotFound();
  if (!user.active)
    throw new RuleViolation('This colleague is no longer active. Please choose somebody else');
  const teamIds = rows.flatMap(({ teamId }) => (teamId === null ? [] : [teamId]));
  return { id, mainTeamId: user.mainTeamId, teamIds };
}

/** Heads hand work to their own people; an assignment beyond them is for those who see everything. */
export function mustReach(actor: Actor, permission: Permission, userId: number): void {
  if (!inScope(actor, permission, { userIds: [userId] })) {
    throw new Forbidden('You may assign to the people of your teams');
  }
}
