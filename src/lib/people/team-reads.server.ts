import { eq, sql } from 'drizzle-orm';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { NotFound } from '#lib/platform/errors.ts';
import { teams } from './schema.server.ts';

export interface Member extends Record<string, unknown> {
  id: number;
  name: string;
  role: string;
  level: 0 | 1 | 2;
  extension: string | null;
  active: boolean;
  isMain: boolean;
  leaveFrom: string | null;
  leaveTo: string | null;
  substitute: string | null;
}

/** A team with its members, who are known to everybody. Throws NotFound. */
export async function teamById(tx: Tx, actor: Actor, id: number) {
  const [team] = await tx
    .select({
      id: teams.id,
      name: teams.name,
      function: teams.function,
      headId: teams.headId,
      headName: sql<string | null>`(select h.name from users h where h.id = ${teams.headId})`,
      region: teams.region,
      version: teams.version
    })
    .from(teams)
    .where(eq(teams.id, id));
  if (!team) throw new NotFound();
  const members = await tx.execute<Member>(sql`
    select u.id, u.name, r.name as role, r.level, u.extension, u.active, u.main_team_id is not distinct from m.team_id as "isMain",
      u.leave_from::text as "leaveFrom", u.leave_to::text as "leaveTo", s.name as substitute
    from team_members m join users u on u.id = m.user_id join roles r on r.id = u.role_id
    left join users s on s.id = u.substitute_id
    where m.team_id = ${id} order by u.active desc, u.name, u.id`);
  return {
    ...team,
    members: [...members],
    isMine: actor.headedTeamIds.includes(id) || actor.teamIds.includes(id)
  };
}

/** Active people who may head a team: executives see nobody's work but their own. */
export async function possibleHeads(tx: Tx) {
  const rows = await tx.execute<{ id: number; name: string; team: string | null }>(sql`
    select u.id, u.name, t.name as team
    from users u join roles r on r.id = u.role_id and r.level <= 1 left join teams t on t.id = u.main_team_id
    where u.active order by u.name, u.id limit 200`);
  return [...rows];
}

export interface TeamWork extends Record<string, unknown> {
  members: number;
  leads: number;
  queries: number;
  requests: number;
  requestTypes: number;
}

/** What is with a team, counted over everything there is. For those who look after teams. */
export async function workOfTeam(tx: Tx, id: number): Promise<TeamWork> {
  const [row] = await tx.execute<TeamWork>(sql`
    select members, leads, queries, requests, request_types as "requestTypes" from app.work_of_team(${id})`);
  return row ?? { members: 0, leads: 0, queries: 0, requests: 0, requestTypes: 0 };
}
