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
import type { listRequestsInput, requestBoardInput } from './inputs.ts';
import {
  byName,
  deskConditions,
  deskSort,
  hisPeople,
  hisTeams,
  ofHisPeople,
  throughClient
} from './list-parts.server.ts';
import { REQUEST_STATUSES } from './model.ts';
import { requestFlags } from './rules.ts';
import { requestTypes, serviceRequests } from './schema.server.ts';

type Listing = z.infer<typeof listRequestsInput>;
type Filter = NonNullable<Listing['filter']>;

const requests = serviceRequests;
const assignees = aliasedTable(users, 'assignees');
const authors = aliasedTable(users, 'authors');
const unfinished = inArray(requests.status, ['pending', 'in_progress']);

const listColumns = {
  id: requests.id,
  number: requests.number,
  client: {
    /** Null when the actor does not see the client. */
    id: clients.id,
    name: requests.clientName,
    number: requests.clientNumber,
    visible: sql<boolean>`${clients.id} is not null`
  },
  type: { id: requestTypes.id, key: requestTypes.key, name: requestTypes.name },
  status: requests.status,
  priority: requests.priority,
  assignee: { id: assignees.id, name: assignees.name },
  team: { id: teams.id, name: teams.name },
  dueAt: requests.dueAt,
  waitingOn: requests.waitingOn,
  createdAt: requests.createdAt,
  version: requests.version
};

/** Whose the client is; null where the actor does not see him. */
const ownerColumns = {
  assigneeId: requests.assigneeId,
  teamId: requests.teamId,
  primaryRmId: clients.primaryRmId,
  secondaryRmId: clients.secondaryRmId
};

const ownSorts = {
  type: { ...byName(sql`request_types`, requests.typeId), nullable: false },
  assignee: byName(sql`users`, requests.assigneeId)
} satisfies Record<string, SortKey>;

/** Heads view all requests: for them, as for administrators, there is nowhere special to look. */
function owners(actor: Actor): SQL[] {
  if (actor.seesAll || actor.level === 1) return [];
  return [
    hisTeams(actor, requests.teamId),
    hisPeople(actor, requests.assigneeId),
    throughClient(requests.clientId)
  ];
}

function matching(actor: Actor, filter: Filter): SQL | undefined {
  const { status, assigneeId, typeId, mine, unassigned, people } = filter;
  const { teamId, clientId } = requests;
  return and(
    deskConditions(requests, filter, { find: sql`app.find_requests`, unfinished, kind: 'request' }),
    status && status.length > 0 ? inArray(requests.status, status) : undefined,
    assigneeId === undefined ? undefined : eq(requests.assigneeId, assigneeId),
    typeId === undefined ? undefined : eq(requests.typeId, typeId),
    mine ? eq(requests.assigneeId, actor.userId) : undefined,
    unassigned ? isNull(requests.assigneeId) : undefined,
    people ? ofHisPeople(actor, { ownerId: requests.assigneeId, teamId, clientId }) : undefined
  );
}

const findRequests = (tx: Tx, actor: Actor, filter: Filter) =>
  findOwned(tx, {
    table: requests,
    id: requests.id,
    filter: matching(actor, filter),
    owners: owners(actor),
    seesAll: actor.seesAll
  });

/** A page of the service requests the actor sees, by due time unless told otherwise. */
export async function listRequests(tx: Tx, actor: Actor, { filter = {}, sort, cursor, limit = 50 }: Listing) {
  const key = deskSort(requests, requests.createdAt, ownSorts, sort);
  const found = await findRequests(tx, actor, filter);
  const page = tx
    .select({ id: requests.id })
    .from(requests)
    .where(and(found.where, after(key, requests.id, cursor)))
    .orderBy(...orderOf(key, requests.id))
    .limit(limit + 1)
    .as('page');
  // What a row is shown with is looked up for the page alone.
  const rows = await tx
    .select({ ...listColumns, cursorKey: sortKeyText(key) })
    .from(page)
    .innerJoin(requests, eq(requests.id, page.id))
    .innerJoin(requestTypes, eq(requestTypes.id, requests.typeId))
    .leftJoin(clients, eq(clients.id, requests.clientId))
    .leftJoin(assignees, eq(assignees.id, requests.assigneeId))
    .leftJoin(teams, eq(teams.id, requests.teamId))
    .orderBy(...orderOf(key, requests.id));
  return pageOf(rows, limit, found);
}

const finishedLast = (status: string) =>
  status === 'pending' || status === 'in_progress'
    ? sql`${requests.dueAt}, ${requests.id}`
    : sql`${requests.createdAt} desc nulls last, ${requests.id} desc nulls last`;

/** The requests the actor sees by status, each column its first fifty: what is due soonest, what was finished latest. */
export async function requestBoard(tx: Tx, actor: Actor, { filter = {} }: z.infer<typeof requestBoardInput>) {
  const found = await findRequests(tx, actor, filter);
  const statuses = filter.status && filter.status.length > 0 ? filter.status : REQUEST_STATUSES;
  const { id, status } = requests;
  const board = await readBoard(tx, {
    table: requests,
    id,
    status,
    statuses: REQUEST_STATUSES.filter((each) => statuses.includes(each)),
    where: found.where,
    orderOf: finishedLast
  });
  const rows = await tx
    .select({ ...listColumns, ...ownerColumns })
    .from(requests)
    .innerJoin(requestTypes, eq(requestTypes.id, requests.typeId))
    .leftJoin(clients, eq(clients.id, requests.clientId))
    .leftJoin(assignees, eq(assignees.id, requests.assigneeId))
    .leftJoin(teams, eq(teams.id, requests.teamId))
    .where(amongIds(id, board.ids));
  const items = rows.map((row) => {
    const {
      primaryRmId: _primary,
      secondaryRmId: _secondary,
      assigneeId: _to,
      teamId: _team,
      ...shown
    } = row;
    return { ...shown, can: requestFlags(actor, row) };
  });
  const place = new Map(board.ids.map((each, n) => [each, n]));
  items.sort((a, b) => (place.get(a.id) ?? 0) - (place.get(b.id) ?? 0));
  return { columns: board.columns, items };
}

/** Everything for a request's page, and what the actor can do with it. */
export async function requestById(tx: Tx, actor: Actor, id: number) {
  const [row] = await tx
    .select({
      ...listColumns,
      tatDays: requestTypes.defaultTatDays,
      details: requests.details,
      waitingParty: requests.waitingParty,
      waitingWhy: requests.waitingWhy,
      checklist: requests.checklist,
      fields: requests.fields,
      outcome: requests.outcome,
      rejectionReason: requests.rejectionReason,
      startedAt: requests.startedAt,
      finishedAt: requests.finishedAt,
      updatedAt: requests.updatedAt,
      createdBy: { id: authors.id, name: authors.name },
      ...ownerColumns
    })
    .from(requests)
    .innerJoin(requestTypes, eq(requestTypes.id, requests.typeId))
    .leftJoin(clients, eq(clients.id, requests.clientId))
    .leftJoin(assignees, eq(assignees.id, requests.assigneeId))
    .leftJoin(teams, eq(teams.id, requests.teamId))
    .leftJoin(authors, eq(authors.id, requests.createdById))
    .where(eq(requests.id, id));
  if (!row) throw new NotFound();
  const { primaryRmId: _primary, secondaryRmId: _secondary, assigneeId: _to, teamId: _team, ...shown } = row;
  return {
    ...shown,
    can: requestFlags(actor, row),
    comments: await latestComments(tx, actor, 'request', id),
    ...(await deskHistory(tx, 'service_requests', id))
  };
}
