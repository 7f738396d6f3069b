import { aliasedTable, and, eq, inArray, isNull, lte, sql, type SQL } from 'drizzle-orm';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import { amongIds, findOwned } from '#lib/platform/db/owned.server.ts';
import { after, orderOf, pageOf, sortKeyText, type SortKey } from '#lib/platform/db/sorting.server.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { NotFound } from '#lib/platform/errors.ts';
import { products } from '#lib/catalogue/schema.server.ts';
import { possibleDuplicates, type Duplicate } from '#lib/clients/search.server.ts';
import { clients } from '#lib/clients/schema.server.ts';
import { holdings } from '#lib/holdings/schema.server.ts';
import { teams, users } from '#lib/people/schema.server.ts';
import { listItems } from '#lib/settings/schema.server.ts';
import type { ListLeadsInput } from './inputs.ts';
import { leadHistory } from './history.server.ts';
import { leadFlags } from './model.ts';
import { leads } from './schema.server.ts';

const rms = aliasedTable(users, 'rms');
const obtainers = aliasedTable(users, 'obtainers');
const givers = aliasedTable(clients, 'givers');

const listColumns = {
  id: leads.id,
  number: leads.number,
  name: leads.name,
  organisation: leads.organisation,
  status: leads.status,
  rm: { id: rms.id, name: rms.name },
  obtainedBy: { id: obtainers.id, name: obtainers.name },
  team: { id: teams.id, name: teams.name },
  product: { id: products.id, name: products.name },
  mode: leads.mode,
  expectedValue: leads.expectedValue,
  currency: leads.currency,
  nextFollowUpOn: leads.nextFollowUpOn,
  createdAt: leads.createdAt,
  version: leads.version
};

const SORTS = {
  created: { by: leads.createdAt, type: 'timestamptz', nullable: false, descending: true },
  name: { by: leads.sortName, type: 'text', nullable: false, descending: false },
  value: { by: leads.expectedValue, type: 'numeric', nullable: true, descending: true },
  followUp: { by: leads.nextFollowUpOn, type: 'date', nullable: true, descending: false }
} as const satisfies Record<string, SortKey>;

/** More matches of a search than this are not listed: it was too short to mean anything. */
const MOST_FOUND = 1000;

function owners(actor: Actor): SQL[] {
  if (actor.seesAll) return [];
  const waiting = and(isNull(leads.conversionRmId), amongIds(leads.teamId, actor.headedTeamIds));
  return [
    amongIds(leads.conversionRmId, actor.visibleUserIds),
    amongIds(leads.obtainedById, actor.visibleUserIds),
    ...(waiting && actor.headedTeamIds.length > 0 ? [waiting] : [])
  ];
}

const withTeam = (teamId: number) =>
  sql`(${leads.conversionRmId} in (select m.user_id from team_members m where m.team_id = ${teamId})
    or (${leads.conversionRmId} is null and ${leads.teamId} = ${teamId}))`;

/** Midnight at the start of a day in the firm's zone, some days later. */
const dayStart = (day: string, later = 0) =>
  sql`((${day}::date + ${later}::int)::timestamp at time zone (select time_zone from firm_settings))`;

function matching(actor: Actor, filter: NonNullable<ListLeadsInput['filter']>): SQL | undefined {
  const { status, rmId, obtainedById, teamId, productId, mode, unassigned, mine, q, from, to, followUpBy } =
    filter;
  return and(
    status && status.length > 0 ? inArray(leads.status, status) : undefined,
    rmId === undefined ? undefined : eq(leads.conversionRmId, rmId),
    obtainedById === undefined ? undefined : eq(leads.obtainedById, obtainedById),
    teamId === undefined ? undefined : withTeam(teamId),
    productId === undefined ? undefined : eq(leads.productId, productId),
    mode === undefined ? undefined : eq(leads.mode, mode),
    unassigned ? isNull(leads.conversionRmId) : undefined,
    mine ? eq(leads.conversionRmId, actor.userId) : undefined,
    q ? sql`${leads.id} in (select f.id from app.find_leads(${q}, ${MOST_FOUND}) f)` : undefined,
    from ? sql`${leads.createdAt} >= ${dayStart(from)}` : undefined,
    to ? sql`${leads.createdAt} < ${dayStart(to, 1)}` : undefined,
    followUpBy ? and(lte(leads.nextFollowUpOn, followUpBy), inArray(leads.status, ['new', 'wip'])) : undefined
  );
}

/** A page of the leads the actor sees, newest first unless told otherwise. */
export async function listLeads(
  tx: Tx,
  actor: Actor,
  { filter = {}, sort, cursor, limit = 50 }: ListLeadsInput
) {
  const usual = SORTS[sort?.by ?? 'created'];
  const key: SortKey = sort?.direction ? { ...usual, descending: sort.direction === 'desc' } : usual;
  const found = await findOwned(tx, {
    table: leads,
    id: leads.id,
    filter: matching(actor, filter),
    owners: owners(actor),
    seesAll: actor.seesAll
  });
  const page = tx
    .select({ id: leads.id })
    .from(leads)
    .where(and(found.where, after(key, leads.id, cursor)))
    .orderBy(...orderOf(key, leads.id))
    .limit(limit + 1)
    .as('page');
  // What a row is shown with is looked up for the page alone.
  const rows = await tx
    .select({ ...listColumns, cursorKey: sortKeyText(key) })
    .from(page)
    .innerJoin(leads, eq(leads.id, page.id))
    .leftJoin(rms, eq(rms.id, leads.conversionRmId))
    .leftJoin(obtainers, eq(obtainers.id, leads.obtainedById))
    .leftJoin(teams, eq(teams.id, leads.teamId))
    .leftJoin(products, eq(products.id, leads.productId))
    .orderBy(...orderOf(key, leads.id));
  return pageOf(rows, limit, found);
}

const recordColumns = {
  ...listColumns,
  phone: leads.phone,
  email: leads.email,
  givenBy: leads.givenBy,
  givenByClient: { id: givers.id, name: givers.name, number: givers.number },
  denialReason: leads.denialReason,
  denialReasonLabel: listItems.label,
  denialNote: leads.denialNote,
  notes: leads.notes,
  /** Null also when the client is one the actor does not see. */
  client: { id: clients.id, name: clients.name, number: clients.number },
  convertedAt: leads.convertedAt,
  deniedAt: leads.deniedAt,
  statusChangedAt: leads.statusChangedAt,
  updatedAt: leads.updatedAt,
  conversionRmId: leads.conversionRmId,
  obtainedById: leads.obtainedById,
  teamId: leads.teamId,
  productId: leads.productId,
  givenByClientId: leads.givenByClientId
};

/** Everything for a lead's page, and what the actor can do with it. */
export async function leadById(tx: Tx, actor: Actor, id: number) {
  const [row] = await tx
    .select(recordColumns)
    .from(leads)
    .leftJoin(rms, eq(rms.id, leads.conversionRmId))
    .leftJoin(obtainers, eq(obtainers.id, leads.obtainedById))
    .leftJoin(teams, eq(teams.id, leads.teamId))
    .leftJoin(products, eq(products.id, leads.productId))
    .leftJoin(givers, eq(givers.id, leads.givenByClientId))
    .leftJoin(clients, eq(clients.id, leads.clientId))
    .leftJoin(listItems, and(eq(listItems.list, 'denial_reason'), eq(listItems.key, leads.denialReason)))
    .where(eq(leads.id, id));
  if (!row) throw new NotFound();
  // The giver's id alone would tell of a client the actor does not see.
  const givenByClientId = row.givenByClient && row.givenByClientId;
  return {
    ...row,
    givenByClientId,
    can: leadFlags(actor, row),
    holdings: await holdingsOf(tx, id),
    ...(await leadHistory(tx, id))
  };
}

/** The holdings its conversion added, as far as the actor sees them. */
function holdingsOf(tx: Tx, leadId: number) {
  return tx
    .select({
      id: holdings.id,
      productName: holdings.productName,
      amount: holdings.amount,
      currency: holdings.currency,
      startedOn: holdings.startedOn
    })
    .from(holdings)
    .where(eq(holdings.leadId, leadId));
}

/** Clients the actor sees that the lead may be, and why: equal e-mail or phone, or a name spelled alike. */
export async function matchesOf(tx: Tx, id: number): Promise<Duplicate[]> {
  const [lead] = await tx
    .select({ name: leads.name, email: leads.email, phone: leads.phone })
    .from(leads)
    .where(eq(leads.id, id));
  if (!lead) throw new NotFound();
  return possibleDuplicates(tx, {
    name: lead.name.slice(0, 100),
    email: lead.email ?? undefined,
    phone: lead.phone ?? undefined
  });
}
