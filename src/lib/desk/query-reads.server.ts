import { aliasedTable, and, eq, inArray, isNull, sql, type SQL } from 'drizzle-orm';
import type { z } from 'zod';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import { historyOf } from '#lib/platform/audit/history.server.ts';
import { after, orderOf, pageOf, sortKeyText } from '#lib/platform/db/sorting.server.ts';
import { findOwned } from '#lib/platform/db/owned.server.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { NotFound } from '#lib/platform/errors.ts';
import { clients } from '#lib/clients/schema.server.ts';
import { teams, users } from '#lib/people/schema.server.ts';
import { latestComments } from './comment-reads.server.ts';
import type { listQueriesInput } from './inputs.ts';
import { deskConditions, deskSort, hisPeople, hisTeams, throughClient } from './list-parts.server.ts';
import { queryFlags } from './rules.ts';
import { queries } from './schema.server.ts';

type Listing = z.infer<typeof listQueriesInput>;

const rms = aliasedTable(users, 'rms');
const authors = aliasedTable(users, 'authors');
const unfinished = inArray(queries.status, ['open', 'in_progress']);

const listColumns = {
  id: queries.id,
  number: queries.number,
  client: {
    id: queries.clientId,
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

function owners(actor: Actor): SQL[] {
  if (actor.seesAll) return [];
  const queued = and(isNull(queries.rmId), hisTeams(actor, queries.teamId));
  return [hisPeople(actor, queries.rmId), ...(queued ? [queued] : []), throughClient(queries.clientId)];
}

function matching(actor: Actor, filter: NonNullable<Listing['filter']>): SQL | undefined {
  const { status, rmId, mine, overdue } = filter;
  return and(
    deskConditions(queries, filter, [queries.subject]),
    status && status.length > 0 ? inArray(queries.status, status) : undefined,
    rmId === undefined ? undefined : eq(queries.rmId, rmId),
    mine ? eq(queries.rmId, actor.userId) : undefined,
    overdue ? and(unfinished, sql`${queries.dueAt} < now()`) : undefined
  );
}

/** A page of the queries the actor sees, by due time unless told otherwise. */
export async function listQueries(tx: Tx, actor: Actor, { filter = {}, sort, cursor, limit = 50 }: Listing) {
  const key = deskSort(queries, queries.openedAt, sort);
  const found = await findOwned(tx, {
    table: queries,
    id: queries.id,
    filter: matching(actor, filter),
    owners: owners(actor),
    seesAll: actor.seesAll
  });
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

/** Everything for a query's page, and what the actor can do with it. */
export async function queryById(tx: Tx, actor: Actor, id: number) {
  const [row] = await tx
    .select({
      ...listColumns,
      details: queries.details,
      waitingWhy: queries.waitingWhy,
      resolution: queries.resolution,
      firstRespondedAt: queries.firstRespondedAt,
      resolvedAt: queries.resolvedAt,
      closedAt: queries.closedAt,
      updatedAt: queries.updatedAt,
      createdBy: { id: authors.id, name: authors.name },
      rmId: queries.rmId,
      teamId: queries.teamId,
      primaryRmId: clients.primaryRmId,
      secondaryRmId: clients.secondaryRmId
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
    comments: await latestComments(tx, 'query', id),
    history: await historyOf(tx, 'queries', id)
  };
}
