import { and, eq, gt, gte, inArray, isNull, lt, lte, or, sql, type SQL } from 'drizzle-orm';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import { amongIds, findOwned, type Found } from '#lib/platform/db/owned.server.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import type { LeadFilter } from './inputs.ts';
import type { FollowUpDue } from './model.ts';
import { OPEN_STATUSES } from './model.ts';
import { leads } from './schema.server.ts';
import { TO_CALL } from './to-call.server.ts';

/** More matches of a search than this are not listed: it was too short to mean anything. */
const MOST_FOUND = 1000;

/** With nobody yet, and for him to give away. */
const waitingFor = (actor: Actor) =>
  and(isNull(leads.conversionRmId), amongIds(leads.teamId, actor.headedTeamIds));

/** Why the actor sees a lead, reason by reason; none for those who see all. */
function owners(actor: Actor): SQL[] {
  if (actor.seesAll) return [];
  const waiting = waitingFor(actor);
  return [
    amongIds(leads.conversionRmId, actor.visibleUserIds),
    amongIds(leads.obtainedById, actor.visibleUserIds),
    ...(waiting && actor.headedTeamIds.length > 0 ? [waiting] : [])
  ];
}

const withTeam = (teamId: number) =>
  sql`(${leads.conversionRmId} in (select m.user_id from team_members m where m.team_id = ${teamId})
    or (${leads.conversionRmId} is null and ${leads.teamId} = ${teamId}))`;

function countedIn(team: number | 'none'): SQL {
  const counted = sql`coalesce((select u.main_team_id from users u where u.id = ${leads.conversionRmId}), ${leads.teamId})`;
  return team === 'none' ? sql`${counted} is null` : sql`${counted} = ${team}`;
}

/** Midnight at the start of a day in the firm's zone, some days later. */
const dayStart = (day: string | SQL, later = 0) =>
  sql`((${day}::date + ${later}::int)::timestamp at time zone (select time_zone from firm_settings))`;

/** The firm's today, some days later. */
const today = (later = 0) =>
  sql`((now() at time zone (select time_zone from firm_settings))::date + ${later}::int)`;

const open = inArray(leads.status, [...OPEN_STATUSES]);

const FOLLOW_UP: Record<FollowUpDue, () => SQL | undefined> = {
  overdue: () => sql`${leads.nextFollowUpOn} < ${today()}`,
  today: () => sql`${leads.nextFollowUpOn} = ${today()}`,
  week: () => sql`${leads.nextFollowUpOn} between ${today()} and ${today(6)}`,
  none: () => isNull(leads.nextFollowUpOn)
};

function whose(actor: Actor, filter: LeadFilter): (SQL | undefined)[] {
  const { rmId, obtainedById, teamId, unassigned, mine, people, waiting, mainTeamId } = filter;
  return [
    rmId === undefined ? undefined : eq(leads.conversionRmId, rmId),
    obtainedById === undefined ? undefined : eq(leads.obtainedById, obtainedById),
    teamId === undefined ? undefined : withTeam(teamId),
    unassigned ? isNull(leads.conversionRmId) : undefined,
    mine ? eq(leads.conversionRmId, actor.userId) : undefined,
    or(
      people ? amongIds(leads.conversionRmId, actor.peopleIds) : undefined,
      waiting ? waitingFor(actor) : undefined
    ),
    mainTeamId === undefined ? undefined : countedIn(mainTeamId)
  ];
}

function when(filter: LeadFilter): (SQL | undefined)[] {
  const { from, to, moved, movedFrom, movedTo, followUpBy, followUp, promise, minAgeDays } = filter;
  return [
    from ? sql`${leads.createdAt} >= ${dayStart(from)}` : undefined,
    to ? sql`${leads.createdAt} < ${dayStart(to, 1)}` : undefined,
    moved ? gt(leads.statusChangedAt, leads.createdAt) : undefined,
    movedFrom ? sql`${leads.statusChangedAt} >= ${dayStart(movedFrom)}` : undefined,
    movedTo ? sql`${leads.statusChangedAt} < ${dayStart(movedTo, 1)}` : undefined,
    promise ? and(open, TO_CALL[promise]) : undefined,
    followUpBy ? and(lte(leads.nextFollowUpOn, followUpBy), open) : undefined,
    followUp ? and(FOLLOW_UP[followUp](), open) : undefined,
    minAgeDays === undefined
      ? undefined
      : lt(leads.createdAt, sql`now() - make_interval(days => ${minAgeDays}::int)`)
  ];
}

function matching(actor: Actor, filter: LeadFilter): SQL | undefined {
  const { status, productId, mode, q, valueFrom, valueTo } = filter;
  return and(
    status && status.length > 0 ? inArray(leads.status, status) : undefined,
    productId === undefined ? undefined : eq(leads.productId, productId),
    mode === undefined ? undefined : eq(leads.mode, mode),
    filter.withoutProduct ? isNull(leads.productId) : undefined,
    filter.withoutMode ? isNull(leads.mode) : undefined,
    filter.denialReason ? eq(leads.denialReason, filter.denialReason) : undefined,
    q ? sql`${leads.id} in (select f.id from app.find_leads(${q}, ${MOST_FOUND}) f)` : undefined,
    valueFrom ? gte(leads.expectedValue, valueFrom) : undefined,
    valueTo ? lte(leads.expectedValue, valueTo) : undefined,
    ...whose(actor, filter),
    ...when(filter)
  );
}

/** The leads the actor sees that fit the filter, counted. */
export const findLeads = (tx: Tx, actor: Actor, filter: LeadFilter): Promise<Found> =>
  findOwned(tx, {
    table: leads,
    id: leads.id,
    filter: matching(actor, filter),
    owners: owners(actor),
    seesAll: actor.seesAll
  });
