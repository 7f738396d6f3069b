import { sql } from 'drizzle-orm';
import type { Actor, Grants, Level } from '#lib/platform/auth/permissions.ts';
import { readAtGate, type Tx } from '#lib/platform/db/transactions.server.ts';
import { NotFound } from '#lib/platform/errors.ts';

/** What the database says of a person; the columns of `actorColumns`. */
export interface ActorRow extends Record<string, unknown> {
  user_id: number;
  name: string;
  level: Level;
  grants: Grants;
  capabilities: string[];
  team_ids: number[];
  headed_team_ids: number[];
  people_ids: number[];
}

/** For `from users u join roles r on r.id = u.role_id`; the sets are those that the policies use. */
export const actorColumns = sql`
  u.id as user_id, u.name, r.level,
  (select coalesce(jsonb_object_agg(g.permission, g.scope), '{}') from role_grants g where g.role_id = r.id) as grants,
  array(select c.capability from user_capabilities c where c.user_id = u.id) as capabilities,
  array(select m.team_id from team_members m where m.user_id = u.id order by 1) as team_ids,
  array(select t.id from teams t where t.head_id = u.id and r.level <= 1 order by 1) as headed_team_ids,
  array(select distinct m.user_id from teams t join team_members m on m.team_id = t.id
    where t.head_id = u.id and r.level <= 1 and m.user_id <> u.id order by 1) as people_ids`;

export function actorFrom(row: ActorRow, sessionId: string | null): Actor {
  const seesAll = row.level === 0;
  const peopleIds = [row.user_id, ...row.people_ids];
  return {
    userId: row.user_id,
    name: row.name,
    level: row.level,
    teamIds: row.team_ids,
    headedTeamIds: row.headed_team_ids,
    visibleUserIds: seesAll ? [] : peopleIds,
    peopleIds,
    seesAll,
    grants: row.grants,
    capabilities: row.capabilities,
    sessionId
  };
}

async function findActor(tx: Tx, userId: number): Promise<Actor | null> {
  const [row] = await tx.execute<ActorRow>(sql`
    select ${actorColumns} from users u join roles r on r.id = u.role_id where u.id = ${userId} and u.active`);
  return row ? actorFrom(row, null) : null;
}

/** A person as an actor without a session, for work done under his identity. NotFound when he is not active. */
export async function actorOf(userId: number): Promise<Actor> {
  const actor = await readAtGate((tx) => findActor(tx, userId));
  if (!actor) throw new NotFound();
  return actor;
}
