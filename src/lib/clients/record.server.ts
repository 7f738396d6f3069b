import { aliasedTable, asc, desc, eq, sql } from 'drizzle-orm';
import { users } from '#lib/people/schema.server.ts';
import { may, type Actor } from '#lib/platform/auth/permissions.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { NotFound } from '#lib/platform/errors.ts';
import { attentionOf } from './attention.ts';
import { firmZone } from './listing.server.ts';
import { factColumns, reaches, workerIds, type ClientFacts } from './reads.server.ts';
import { clientAddresses, clientContactPoints, clientNotes, clients, clientTags } from './schema.server.ts';
import {
  holdingsOfClient,
  openQueriesOfClient,
  openRequestsOfClient,
  type WorkCounts
} from './work.server.ts';

const NOTES_SHOWN = 20;

const primary = aliasedTable(users, 'primary_rm');
const secondary = aliasedTable(users, 'secondary_rm');
const lastBy = aliasedTable(users, 'last_by');
const planned = aliasedTable(users, 'planned_by');
const creator = aliasedTable(users, 'creator');

const nameOf = (table: typeof primary) => ({ id: table.id, name: table.name });

const counts = sql<WorkCounts>`(select json_build_object(
  'interactions', (select count(*) from interactions i where i.client_id = ${clients.id}),
  'notes', (select count(*) from client_notes n where n.client_id = ${clients.id}),
  'holdings', (select count(*) from holdings h where h.client_id = ${clients.id}),
  'queries', (select count(*) from queries q where q.client_id = ${clients.id}),
  'requests', (select count(*) from service_requests r where r.client_id = ${clients.id}),
  'leads', (select count(*) from leads l where l.client_id = ${clients.id})))`;

const daysSinceContact = sql<
  number | null
>`((now() at time zone ${firmZone})::date - (${clients.lastContactAt} at time zone ${firmZone})::date)`;

async function readFacts(tx: Tx, id: number) {
  const [row] = await tx
    .select({
      facts: factColumns,
      workerIds,
      rm: nameOf(primary),
      secondaryRm: nameOf(secondary),
      lastContactBy: nameOf(lastBy),
      nextContactBy: nameOf(planned),
      createdBy: nameOf(creator),
      tags: sql<
        string[]
      >`array(select t.tag from ${clientTags} t where t.client_id = ${clients.id} order by 1)`,
      days: daysSinceContact,
      counts
    })
    .from(clients)
    .leftJoin(primary, eq(primary.id, clients.primaryRmId))
    .leftJoin(secondary, eq(secondary.id, clients.secondaryRmId))
    .leftJoin(lastBy, eq(lastBy.id, clients.lastContactById))
    .leftJoin(planned, eq(planned.id, clients.nextContactById))
    .leftJoin(creator, eq(creator.id, clients.createdById))
    .where(eq(clients.id, id));
  return row;
}

const readContactPoints = (tx: Tx, clientId: number) =>
  tx
    .select({
      id: clientContactPoints.id,
      kind: clientContactPoints.kind,
      label: clientContactPoints.label,
      value: clientContactPoints.value,
      primary: clientContactPoints.primary
    })
    .from(clientContactPoints)
    .where(eq(clientContactPoints.clientId, clientId))
    .orderBy(asc(clientContactPoints.kind), desc(clientContactPoints.primary), asc(clientContactPoints.id));

const readAddresses = (tx: Tx, clientId: number) =>
  tx
    .select({
      id: clientAddresses.id,
      label: clientAddresses.label,
      lines: clientAddresses.lines,
      city: clientAddresses.city,
      region: clientAddresses.region,
      postalCode: clientAddresses.postalCode,
      country: clientAddresses.country
    })
    .from(clientAddresses)
    .where(eq(clientAddresses.clientId, clientId))
    .orderBy(asc(clientAddresses.id));

const readNotes = (tx: Tx, clientId: number) =>
  tx
    .select({
      id: clientNotes.id,
      body: clientNotes.body,
      createdAt: clientNotes.createdAt,
      author: { id: users.id, name: users.name }
    })
    .from(clientNotes)
    .innerJoin(users, eq(users.id, clientNotes.authorId))
    .where(eq(clientNotes.clientId, clientId))
    .orderBy(desc(clientNotes.createdAt), desc(clientNotes.id))
    .limit(NOTES_SHOWN);

/** What the actor may do with this client: the buttons of its page. */
export function allowedOn(
  actor: Actor,
  client: Pick<ClientFacts, 'primaryRmId' | 'secondaryRmId' | 'workerIds'>
) {
  return {
    edit: reaches(actor, 'clients.edit', client, 'book'),
    editContactPoints: reaches(actor, 'clients.edit', client, 'work'),
    assign: reaches(actor, 'clients.assign', client, 'book'),
    archive: reaches(actor, 'clients.archive', client, 'book'),
    revealPan: reaches(actor, 'clients.revealPan', client, 'work'),
    addNote: reaches(actor, 'clients.view', client, 'work'),
    addHolding: reaches(actor, 'holdings.create', client, 'work'),
    logInteraction: reaches(actor, 'interactions.create', client, 'work'),
    openQuery: reaches(actor, 'queries.create', client, 'work'),
    openRequest: reaches(actor, 'requests.create', client, 'work'),
    createLead: may(actor, 'leads.create')
  };
}

/** Everything the record page shows at once. NotFound when hidden or missing. */
export async function clientRecord(tx: Tx, actor: Actor, id: number) {
  const [found, contactPoints, addresses, notes, holdings, queries, requests] = await Promise.all([
    readFacts(tx, id),
    readContactPoints(tx, id),
    readAddresses(tx, id),
    readNotes(tx, id),
    holdingsOfClient(tx, id),
    openQueriesOfClient(tx, id),
    openRequestsOfClient(tx, id)
  ]);
  if (!found) throw new NotFound();
  const { facts, days, workerIds: workers, ...rest } = found;
  return {
    ...facts,
    ...rest,
    attention: attentionOf(days),
    contactPoints,
    addresses,
    notes,
    holdings,
    openQueries: queries,
    openRequests: requests,
    can: allowedOn(actor, { ...facts, workerIds: workers })
  };
}
