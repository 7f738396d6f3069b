import { sql } from 'drizzle-orm';
import type { Actor, Grants, Level } from '#lib/platform/auth/permissions.ts';
import { asSystem } from '#lib/platform/db/transactions.server.ts';

interface Row {
  name: string;
  level: Level;
  teamIds: number[];
  headedTeamIds: number[];
  visibleUserIds: number[];
  grants: Grants;
  capabilities: string[];
}

/** The actor a signed-in user would be, read the way sign-in does. */
export async function actorOf(userId: number): Promise<Actor> {
  const [row] = await asSystem((tx) =>
    tx.execute<{ row: Row }>(sql`
      select json_build_object(
        'name', u.name, 'level', r.level,
        'teamIds', (select coalesce(json_agg(m.team_id), '[]') from team_members m where m.user_id = u.id),
        'headedTeamIds', to_json(app.headed_team_ids_of(u.id)),
        'visibleUserIds', to_json(app.visible_user_ids_of(u.id)),
        'grants', (select coalesce(json_object_agg(g.permission, g.scope), '{}') from role_grants g where g.role_id = r.id),
        'capabilities', (select coalesce(json_agg(c.capability), '[]') from user_capabilities c where c.user_id = u.id)
      ) as row
      from users u join roles r on r.id = u.role_id where u.id = ${userId}`)
  );
  if (!row) throw new Error(`No user ${userId}`);
  const seesAll = row.row.level === 0;
  return {
    ...row.row,
    userId,
    seesAll,
    visibleUserIds: seesAll ? [] : row.row.visibleUserIds,
    sessionId: null
  };
}
