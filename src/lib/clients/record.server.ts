import { aliasedTable, eq, sql } from 'drizzle-orm';
import { users } from '#lib/people/schema.server.ts';
import { may, type Actor } from '#lib/platform/auth/permissions.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { NotFound } from '#lib/platform/errors.ts';
import type { Contacted } from './attention.ts';
import { rmPeriods } from './history.server.ts';
import { contactedJson } from './listing.server.ts';
import type { ContactKind } from './model.ts';
import { factColumns, reaches, workerIds, type ClientFacts } from './reads.server.ts';
import { clients } from './schema.server.ts';
import { holdingsOfClient, openWorkOfClient, type WorkCounts } from './work.server.ts';

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

const contacted = sql<Contacted>`(
  select ${contactedJson} from clients c where c.id = ${clients.id})`;

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
      contacted,
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

interface Parts extends Record<string, unknown> {
  contactPoints: { id: number; kind: ContactKind; label: string | null; value: string; primary: boolean }[];
  addresses: {
    id: number;
    label: string | null;
    lines: string | null;
    city: string | null;
    region: string | null;
    postalCode: string | null;
    country: string | null;
  }[];
  notes: { id: number; body: string; createdAt: string; author: { id: number; name: string } }[];
  tags: string[];
}

/** Contact points, addresses, tags and the latest notes, in one statement. */
async function readParts(tx: Tx, clientId: number): Promise<Parts> {
  const [parts] = await tx.execute<Parts>(sql`select
    (select coalesce(json_agg(json_build_object('id', p.id, 'kind', p.kind, 'label', p.label, 'value', p.value,
      'primary', p."primary") order by p.kind, p."primary" desc, p.id), '[]')
      from client_contact_points p where p.client_id = ${clientId}) as "contactPoints",
    (select coalesce(json_agg(json_build_object('id', a.id, 'label', a.label, 'lines', a.lines, 'city', a.city,
      'region', a.region, 'postalCode', a.postal_code, 'country', a.country) order by a.id), '[]')
      from client_addresses a where a.client_id = ${clientId}) as addresses,
    (select coalesce(json_agg(n), '[]') from (
      select n.id, n.body, n.created_at as "createdAt", json_build_object('id', u.id, 'name', u.name) as author
      from client_notes n join users u on u.id = n.author_id where n.client_id = ${clientId}
      order by n.created_at desc, n.id desc limit ${NOTES_SHOWN}) n) as notes,
    array(select t.tag from client_tags t where t.client_id = ${clientId} order by 1) as tags`);
  return parts ?? { contactPoints: [], addresses: [], notes: [], tags: [] };
}

/** What the actor may do with this client: the buttons of its page. An archived one takes no new work. */
export function allowedOn(
  actor: Actor,
  client: Pick<ClientFacts, 'primaryRmId' | 'secondaryRmId' | 'workerIds' | 'lifecycle'>
) {
  const active = client.lifecycle === 'active';
  const edit = reaches(actor, 'clients.edit', client, 'book');
  return {
    edit,
    editContactPoints: reaches(actor, 'clients.edit', client, 'work'),
    plan: edit && active,
    assign: reaches(actor, 'clients.assign', client, 'book'),
    archive: reaches(actor, 'clients.archive', client, 'book'),
    merge: reaches(actor, 'clients.merge', client, 'book'),
    delete: actor.seesAll && reaches(actor, 'clients.delete', client, 'book'),
    revealPan: reaches(actor, 'clients.revealPan', client, 'work'),
    addNote: reaches(actor, 'clients.view', client, 'work'),
    addHolding: active && reaches(actor, 'holdings.create', client, 'work'),
    logInteraction: active && reaches(actor, 'interactions.create', client, 'work'),
    openQuery: active && reaches(actor, 'queries.create', client, 'work'),
    openRequest: active && reaches(actor, 'requests.create', client, 'work'),
    createLead: active && may(actor, 'leads.create')
  };
}

/** Everything the record page shows at once. NotFound when hidden or missing. */
export async function clientRecord(tx: Tx, actor: Actor, id: number) {
  const [found, parts, holdings, work, periods] = await Promise.all([
    readFacts(tx, id),
    readParts(tx, id),
    holdingsOfClient(tx, id),
    openWorkOfClient(tx, id),
    rmPeriods(tx, id)
  ]);
  if (!found) throw new NotFound();
  const { facts, contacted: said, workerIds: workers, ...rest } = found;
  return {
    ...facts,
    ...rest,
    ...parts,
    notes: parts.notes.map((note) => ({ ...note, createdAt: new Date(note.createdAt) })),
    ...said,
    rmPeriods: periods,
    holdings,
    openQueries: work.filter(({ kind }) => kind === 'query'),
    openRequests: work.filter(({ kind }) => kind === 'request'),
    can: allowedOn(actor, { ...facts, workerIds: workers })
  };
}
