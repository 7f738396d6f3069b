import { aliasedTable, and, asc, eq, inArray, isNull, sql, type SQL } from 'drizzle-orm';
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
import type { listRequestsInput } from './inputs.ts';
import { deskConditions, deskSort, hisPeople, hisTeams, throughClient } from './list-parts.server.ts';
import { requestFlags } from './rules.ts';
import { requestTypes, serviceRequests } from './schema.server.ts';

type Listing = z.infer<typeof listRequestsInput>;

const requests = serviceRequests;
const assignees = aliasedTable(users, 'assignees');
const authors = aliasedTable(users, 'authors');
const unfinished = inArray(requests.status, ['pending', 'in_progress']);

const listColumns = {
  id: requests.id,
  number: requests.number,
  client: {
    id: requests.clientId,
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

/** Heads view all requests: for them, as for administrators, there is nowhere special to look. */
function owners(actor: Actor): SQL[] {
  if (actor.seesAll || actor.level === 1) return [];
  return [
    hisTeams(actor, requests.teamId),
    hisPeople(actor, requests.assigneeId),
    throughClient(requests.clientId)
  ];
}

function matching(actor: Actor, filter: NonNullable<Listing['filter']>): SQL | undefined {
  const { status, assigneeId, typeId, mine, unassigned, overdue } = filter;
  return and(
    deskConditions(requests, filter),
    status && status.length > 0 ? inArray(requests.status, status) : undefined,
    assigneeId === undefined ? undefined : eq(requests.assigneeId, assigneeId),
    typeId === undefined ? undefined : eq(requests.typeId, typeId),
    mine ? eq(requests.assigneeId, actor.userId) : undefined,
    unassigned ? isNull(requests.assigneeId) : undefined,
    overdue ? and(unfinished, sql`${requests.dueAt} < now()`) : undefined
  );
}

/** A page of the service requests the actor sees, by due time unless told otherwise. */
export async function listRequests(tx: Tx, actor: Actor, { filter = {}, sort, cursor, limit = 50 }: Listing) {
  const key = deskSort(requests, requests.createdAt, sort);
  const found = await findOwned(tx, {
    table: requests,
    id: requests.id,
    filter: matching(actor, filter),
    owners: owners(actor),
    seesAll: actor.seesAll
  });
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

/** Everything for a request's page, and what the actor can do with it. */
export async function requestById(tx: Tx, actor: Actor, id: number) {
  const [row] = await tx
    .select({
      ...listColumns,
      tatDays: requestTypes.defaultTatDays,
      details: requests.details,
      waitingWhy: requests.waitingWhy,
      checklist: requests.checklist,
      outcome: requests.outcome,
      rejectionReason: requests.rejectionReason,
      startedAt: requests.startedAt,
      finishedAt: requests.finishedAt,
      updatedAt: requests.updatedAt,
      createdBy: { id: authors.id, name: authors.name },
      assigneeId: requests.assigneeId,
      teamId: requests.teamId,
      primaryRmId: clients.primaryRmId,
      secondaryRmId: clients.secondaryRmId
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
    comments: await latestComments(tx, 'request', id),
    history: await historyOf(tx, 'service_requests', id)
  };
}

/** The kinds of request to choose from; `all` also those that are no longer offered. */
export function listRequestTypes(tx: Tx, { all = false }: { all?: boolean | undefined }) {
  return tx
    .select({
      id: requestTypes.id,
      key: requestTypes.key,
      name: requestTypes.name,
      tatDays: requestTypes.defaultTatDays,
      checklist: requestTypes.checklist,
      team: { id: teams.id, name: teams.name },
      active: requestTypes.active
    })
    .from(requestTypes)
    .leftJoin(teams, eq(teams.id, requestTypes.defaultTeamId))
    .where(all ? undefined : eq(requestTypes.active, true))
    .orderBy(asc(requestTypes.position), asc(requestTypes.name));
}
