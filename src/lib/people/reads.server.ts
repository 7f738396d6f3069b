import { aliasedTable, and, asc, eq, inArray, sql, type SQL } from 'drizzle-orm';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { roles, teamMembers, teams, userProfiles, users } from './schema.server.ts';

interface PeopleListing {
  filter?: { q?: string; teamId?: number; level?: number; active?: boolean } | undefined;
  cursor?: string | undefined;
  limit?: number | undefined;
}

const teamNames = sql<string[]>`array(
  select t.name from team_members m join teams t on t.id = m.team_id where m.user_id = ${users.id} order by t.name)`;

function matching(filter: PeopleListing['filter']): SQL | undefined {
  return and(
    filter?.q ? sql`lower(${users.name}) like app.like_pattern(${filter.q})` : undefined,
    filter?.teamId === undefined
      ? undefined
      : sql`exists (select 1 from team_members m where m.user_id = ${users.id} and m.team_id = ${filter.teamId})`,
    filter?.level === undefined ? undefined : eq(roles.level, filter.level),
    filter?.active === undefined ? undefined : eq(users.active, filter.active)
  );
}

const nameCursor = (name: string, id: number) => JSON.stringify([name, id]);

function after(
  cursor: string | undefined,
  name: SQL | typeof users.name,
  id: typeof users.id | typeof teams.id
) {
  if (!cursor) return undefined;
  const [lastName, lastId] = JSON.parse(cursor) as [string, number];
  return sql`(${name}, ${id}) > (${lastName}, ${lastId})`;
}

/** Colleagues by name. E-mail and phone are null for those whose records the actor does not see. */
export async function listPeople(tx: Tx, { filter, cursor, limit = 50 }: PeopleListing) {
  const from = matching(filter);
  const rows = await tx
    .select({
      id: users.id,
      name: users.name,
      extension: users.extension,
      email: userProfiles.email,
      phone: userProfiles.phone,
      level: roles.level,
      role: roles.name,
      teams: teamNames,
      active: users.active,
      leaveFrom: users.leaveFrom,
      leaveTo: users.leaveTo
    })
    .from(users)
    .innerJoin(roles, eq(roles.id, users.roleId))
    .leftJoin(userProfiles, eq(userProfiles.userId, users.id))
    .where(and(from, after(cursor, users.name, users.id)))
    .orderBy(asc(users.name), asc(users.id))
    .limit(limit + 1);
  const [{ total } = { total: 0 }] = await tx
    .select({ total: sql<number>`count(*)::int` })
    .from(users)
    .innerJoin(roles, eq(roles.id, users.roleId))
    .where(from);
  return page(rows, limit, total);
}

/** Active colleagues to pick from, with their main team. */
export function peopleOptions(
  tx: Tx,
  actor: Actor,
  {
    q,
    function: of,
    mine
  }: { q?: string | undefined; function?: 'rm' | 'ops' | undefined; mine?: boolean | undefined }
) {
  return tx
    .select({ id: users.id, name: users.name, team: teams.name })
    .from(users)
    .leftJoin(teams, eq(teams.id, users.mainTeamId))
    .where(
      and(
        eq(users.active, true),
        q ? sql`lower(${users.name}) like app.like_pattern(${q})` : undefined,
        of ? eq(teams.function, of) : undefined,
        mine && !actor.seesAll ? inArray(users.id, actor.visibleUserIds) : undefined
      )
    )
    .orderBy(asc(users.name), asc(users.id))
    .limit(200);
}

interface TeamListing {
  filter?: { function?: 'rm' | 'ops' } | undefined;
  cursor?: string | undefined;
  limit?: number | undefined;
}

/** Teams by name with their head and how many members they have. */
export async function listTeams(tx: Tx, { filter, cursor, limit = 100 }: TeamListing) {
  const head = aliasedTable(users, 'head');
  const from = filter?.function ? eq(teams.function, filter.function) : undefined;
  const rows = await tx
    .select({
      id: teams.id,
      name: teams.name,
      function: teams.function,
      region: teams.region,
      active: teams.active,
      headId: teams.headId,
      head: head.name,
      members: sql<number>`(select count(*)::int from ${teamMembers} where ${teamMembers.teamId} = ${teams.id})`
    })
    .from(teams)
    .leftJoin(head, eq(head.id, teams.headId))
    .where(and(from, after(cursor, sql`${teams.name}`, teams.id)))
    .orderBy(asc(teams.name), asc(teams.id))
    .limit(limit + 1);
  const [{ total } = { total: 0 }] = await tx
    .select({ total: sql<number>`count(*)::int` })
    .from(teams)
    .where(from);
  return page(rows, limit, total);
}

function page<Row extends { id: number; name: string }>(rows: Row[], limit: number, total: number) {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return {
    items,
    nextCursor: rows.length > limit && last ? nameCursor(last.name, last.id) : null,
    total,
    totalIsEstimate: false
  };
}
