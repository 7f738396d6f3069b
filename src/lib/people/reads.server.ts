import { aliasedTable, and, asc, eq, inArray, isNull, sql, type SQL } from 'drizzle-orm';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import { accounts } from '#lib/platform/auth/schema.server.ts';
import { amongIds } from '#lib/platform/db/owned.server.ts';
import { after, orderOf, pageOf, sortKeyText, type SortKey } from '#lib/platform/db/sorting.server.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { roles, teamMembers, teams, userProfiles, users } from './schema.server.ts';
import type { ListPeopleInput, PEOPLE_SORTS } from './user-inputs.ts';

const teamNames = sql<string[]>`array(
  select t.name from team_members m join teams t on t.id = m.team_id where m.user_id = ${users.id} order by t.name)`;

const STATES = {
  active: eq(users.active, true),
  invited: and(eq(users.active, true), sql`${accounts.userId} is not null`, isNull(accounts.passwordSetAt)),
  left: eq(users.active, false)
};

function matching(actor: Actor, filter: ListPeopleInput['filter'] = {}): SQL | undefined {
  const { q, teamId, roleId, level, active, state, mine } = filter;
  return and(
    q
      ? sql`lower(${users.name} || ' ' || coalesce(${userProfiles.email}, '')) like app.like_pattern(${q})`
      : undefined,
    teamId === undefined
      ? undefined
      : sql`exists (select 1 from team_members m where m.user_id = ${users.id} and m.team_id = ${teamId})`,
    roleId === undefined ? undefined : eq(users.roleId, roleId),
    level === undefined ? undefined : eq(roles.level, level),
    active === undefined ? undefined : eq(users.active, active),
    state && STATES[state],
    mine && !actor.seesAll ? amongIds(users.id, actor.visibleUserIds) : undefined
  );
}

const KEYS: Record<(typeof PEOPLE_SORTS)[number], Omit<SortKey, 'descending'>> = {
  name: { by: users.name, type: 'text', nullable: false },
  role: { by: roles.name, type: 'text', nullable: false },
  signIn: { by: accounts.lastSignInAt, type: 'timestamptz', nullable: true }
};

/**
 * Colleagues by name. E-mail and phone are null for those whose records the actor does not see, and how they come in
 * for those who do not look after users.
 */
export async function listPeople(
  tx: Tx,
  actor: Actor,
  { filter, sort, cursor, limit = 50 }: ListPeopleInput
) {
  const where = matching(actor, filter);
  const key = { ...KEYS[sort?.by ?? 'name'], descending: sort?.direction === 'desc' };
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
      leaveTo: users.leaveTo,
      /** Null for those who do not look after users. */
      account: {
        userId: accounts.userId,
        invitedAt: accounts.invitedAt,
        invitationMail: accounts.invitationMail,
        invitationExpiresAt: accounts.invitationExpiresAt,
        passwordSetAt: accounts.passwordSetAt,
        lastSignInAt: accounts.lastSignInAt
      },
      cursorKey: sortKeyText(key)
    })
    .from(users)
    .innerJoin(roles, eq(roles.id, users.roleId))
    .leftJoin(userProfiles, eq(userProfiles.userId, users.id))
    .leftJoin(accounts, eq(accounts.userId, users.id))
    .where(and(where, after(key, users.id, cursor)))
    .orderBy(...orderOf(key, users.id))
    .limit(limit + 1);
  const [{ total } = { total: 0 }] = await tx
    .select({ total: sql<number>`count(*)::int` })
    .from(users)
    .innerJoin(roles, eq(roles.id, users.roleId))
    .leftJoin(userProfiles, eq(userProfiles.userId, users.id))
    .leftJoin(accounts, eq(accounts.userId, users.id))
    .where(where);
  return pageOf(rows, limit, { total, totalIsEstimate: false });
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

const BY_TEAM: SortKey = { by: teams.name, type: 'text', nullable: false, descending: false };

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
      members: sql<number>`(select count(*)::int from ${teamMembers} where ${teamMembers.teamId} = ${teams.id})`,
      cursorKey: sortKeyText(BY_TEAM)
    })
    .from(teams)
    .leftJoin(head, eq(head.id, teams.headId))
    .where(and(from, after(BY_TEAM, teams.id, cursor)))
    .orderBy(...orderOf(BY_TEAM, teams.id))
    .limit(limit + 1);
  const [{ total } = { total: 0 }] = await tx
    .select({ total: sql<number>`count(*)::int` })
    .from(teams)
    .where(from);
  return pageOf(rows, limit, { total, totalIsEstimate: false });
}
