import { aliasedTable, and, eq, inArray, isNull, sql, type SQL } from 'drizzle-orm';
import type { z } from 'zod';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import { after, orderOf, pageOf, sortKeyText, type SortKey } from '#lib/platform/db/sorting.server.ts';
import { amongIds, findOwned } from '#lib/platform/db/owned.server.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { NotFound } from '#lib/platform/errors.ts';
import { clients } from '#lib/clients/schema.server.ts';
import { teams, users } from '#lib/people/schema.server.ts';
import { readBoard } from './board.server.ts';
import { latestComments } from './comment-reads.server.ts';
import { deskHistory } from './history.server.ts';
import type { listQueriesInput, queryBoardInput } from './inputs.ts';
import {
  byName,
  deskConditions,
  deskSort,
  hisPeople,
  hisTeams,
  ofHisPeople,
  throughClient
} from './list-parts.server.ts';
import { QUERY_STATUSES } from './model.ts';
import { queryFlags } from './rules.ts';
import { queries } from './schema.server.ts';

type Listing = z.infer<typeof listQueriesInput>;
type Filter = NonNullable<Listing['filter']>;

const rms = aliasedTable(users, 'rms');
const authors = aliasedTable(users, 'authors');
const unfinished = inArray(queries.status, ['open', 'in_progress']);

const listColumns = {
  id: queries.id,
  number: queries.number,
  client: {
    /** Null when the actor does not see the client. */
    id: clients.id,
    name: queries.clientName,
    number: queries.clientNumber,
    visible: sql<boolean>`${clients.id} is not null`
  },
  subject: queries.subject,
  status: queries.status,
  priority: queries.priority,
  rm: { id: rms.id, name: rms.name },
  team: { id: teams.id, name: teams.name },
  dueAt: queries.dueAt,
  waitingOn: queries.waitingOn,
  openedAt: queries.openedAt,
  version: queries.version
};

/** Whose the client is; null where the actor does not see him. */
const ownerColumns = {
  rmId: queries.rmId,
  teamId: queries.teamId,
  primaryRmId: clients.primaryRmId,
  secondaryRmId: clients.secondaryRmId
};

const ownSorts = {
  subject: { by: queries.subject, type: 'text', nullable: false, descending: false },
  rm: byName(sql`users`, queries.rmId)
} satisfies Record<string, SortKey>;

function owners(actor: Actor): SQL[] {
  if (actor.seesAll) return [];
  const queued = and(isNull(queries.rmId), hisTeams(actor, queries.teamId));
  return [hisPeople(actor, queries.rmId), ...(queued ? [queued] : []), throughClient(queries.clientId)];
}

function matching(actor: Actor, filter: Filter): SQL | undefined {
  const { status, rmId, mine, people } = filter;
  const { teamId, clientId } = queries;
  return and(
    deskConditions(queries, filter, { find: sql`app.find_queries`, unfinished, kind: 'query' }),
    status && status.length > 0 ? inArray(queries.status, status) : undefined,
    rmId === undefined ? undefined : eq(queries.rmId, rmId),
    mine ? eq(queries.rmId, actor.userId) : undefined,
    people ? ofHisPeople(actor, { ownerId: queries.rmId, teamId, clientId }) : undefined
  );
}

const findQueries = (tx: Tx, actor: Actor, filter: Filter) =>
  findOwned(tx, {
    table: queries,
    id: queries.id,
    filter: matching(actor, filter),
    owners: owners(actor),
    seesAll: actor.seesAll
  });

/** A page of the queries the actor sees, by due time unless told otherwise. */
export async function listQueries(tx: Tx, actor: Actor, { filter = {}, sort, cursor, limit = 50 }: Listing) {
  const key = deskSort(queries, queries.openedAt, ownSorts, sort);
  const found = await findQueries(tx, actor, filter);
  const page = tx
    .select({ id: queries.id })
    .from(queries)
    .where(and(found.where, after(key, queries.id, cursor)))
    .orderBy(...orderOf(key, queries.id))
    .limit(limit + 1)
    .as('page');
  // What a row is shown with is looked up for the page alone.
  const rows = await tx
    .select({ ...listColumns, cursorKey: sortKeyText(key) })
    .from(page)
    .innerJoin(queries, eq(queries.id, page.id))
    .leftJoin(clients, eq(clients.id, queries.clientId))
    .leftJoin(rms, eq(rms.id, queries.rmId))
    .leftJoin(teams, eq(teams.id, queries.teamId))
    .orderBy(...orderOf(key, queries.id));
  return pageOf(rows, limit, found);
}

const finishedLast = (status: string) =>
  status === 'open' || status === 'in_progress'
    ? sql`${queries.dueAt}, ${queries.id}`
    : sql`${queries.openedAt} desc nulls last, ${queries.id} desc nulls last`;

/** The queries the actor sees by status, each column its first fifty: what is due soonest, what was finished latest. */
export async function queryBoard(tx: Tx, actor: Actor, { filter = {} }: z.infer<typeof queryBoardInput>) {
  const found = await findQueries(tx, actor, filter);
  const statuses = filter.status && filter.status.length > 0 ? filter.status : QUERY_STATUSES;
  const { id, status } = queries;
  const board = await readBoard(tx, {
    table: queries,
    id,
    status,
    statuses: QUERY_STATUSES.filter((each) => statuses.includes(each)),
    where: found.where,
    orderOf: finishedLast
  });
  const rows = await tx
    .select({ ...listColumns, ...ownerColumns })
    .from(queries)
    .leftJoin(clients, eq(clients.id, queries.clientId))
    .leftJoin(rms, eq(rms.id, queries.rmId))
    .leftJoin(teams, eq(teams.id, queries.teamId))
    .where(amongIds(id, board.ids));
  const items = rows.map((row) => {
    const { primaryRmId: _primary, secondaryRmId: _secondary, rmId: _rm, teamId: _team, ...shown } = row;
    return { ...shown, can: queryFlags(actor, row) };
  });
  const place = new Map(board.ids.map((each, n) => [each, n]));
  items.sort((a, b) => (place.get(a.id) ?? 0) - (place.get(b.id) ?? 0));
  return { columns: board.columns, items };
}

/** Everything for a query's page, and what the actor can do with it. */
export async function queryById(tx: Tx, actor: Actor, id: number) {
  const [row] = await tx
    .select({
      ...listColumns,
      details: queries.details,
      waitingParty: queries.waitingParty,
      waitingWhy: queries.waitingWhy,
      resolution: queries.resolution,
      firstRespondedAt: queries.firstRespondedAt,
      resolvedAt: queries.resolvedAt,
      closedAt: queries.closedAt,
      updatedAt: queries.updatedAt,
      createdBy: { id: authors.id, name: authors.name },
      ...ownerColumns
    })
    .from(queries)
    .leftJoin(clients, eq(clients.id, queries.clientId))
    .leftJoin(rms, eq(rms.id, queries.rmId))
    .leftJoin(teams, eq(teams.id, queries.teamId))
    .leftJoin(authors, eq(authors.id, queries.createdById))
    .where(eq(queries.id, id));
  if (!row) throw new NotFound();
  const { primaryRmId: _primary, secondaryRmId: _secondary, rmId: _rm, teamId: _team, ...shown } = row;
  return {
    ...shown,
    can: queryFlags(actor, row),
    comments: await latestComments(tx, actor, 'query', id),
    ...(await deskHistory(tx, 'queries', id))
  };
}
