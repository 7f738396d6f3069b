import { aliasedTable, and, desc, eq, isNull, isNotNull, sql } from 'drizzle-orm';
import type { DuplicateDecision, DuplicateOccasion, EnteredDuplicate } from '#lib/clients/duplicate.ts';
import { clientContactPoints } from '#lib/clients/parts-schema.server.ts';
import { clients } from '#lib/clients/schema.server.ts';
import { leads } from '#lib/leads/schema.server.ts';
import { users } from '#lib/people/schema.server.ts';
import { inScope, may, type Actor } from '#lib/platform/auth/permissions.ts';
import { findOwned } from '#lib/platform/db/owned.server.ts';
import { after, orderOf, pageOf, sortKeyText, type SortKey } from '#lib/platform/db/sorting.server.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { NotFound } from '#lib/platform/errors.ts';
import type { ListDuplicatesInput } from './model.ts';
import { duplicateReviews } from './schema.server.ts';

const askers = aliasedTable(users, 'askers');
const deciders = aliasedTable(users, 'deciders');
const rms = aliasedTable(users, 'rms');

const listColumns = {
  id: duplicateReviews.id,
  occasion: duplicateReviews.occasion,
  matchedOn: duplicateReviews.matchedOn,
  entered: duplicateReviews.entered,
  askedBy: { id: askers.id, name: askers.name },
  client: { id: clients.id, number: clients.number, name: clients.name },
  rm: { id: rms.id, name: rms.name },
  decision: duplicateReviews.decision,
  createdAt: duplicateReviews.createdAt,
  decidedAt: duplicateReviews.decidedAt,
  version: duplicateReviews.version
};

const NEWEST: SortKey = {
  by: duplicateReviews.createdAt,
  type: 'timestamptz',
  nullable: false,
  descending: true
};

/** Those whose client is one of the actor's people's: named beside the policy, which decides the same. */
const ofMyPeople = (actor: Actor) =>
  actor.seesAll
    ? undefined
    : sql`exists (select 1 from clients o where o.id = ${duplicateReviews.clientId}
        and o.primary_rm_id = any (${`{${actor.visibleUserIds.join(',')}}`}::bigint[]))`;

/** Duplicates that wait for the actor's decision, or that were decided, newest first. */
export async function listDuplicates(
  tx: Tx,
  actor: Actor,
  { filter = {}, cursor, limit = 50 }: ListDuplicatesInput
) {
  const decided = filter.decided ? isNotNull(duplicateReviews.decidedAt) : isNull(duplicateReviews.decidedAt);
  const where = and(decided, ofMyPeople(actor));
  const found = await findOwned(tx, {
    table: duplicateReviews,
    id: duplicateReviews.id,
    filter: where,
    owners: [],
    seesAll: actor.seesAll
  });
  const rows = await tx
    .select({ ...listColumns, cursorKey: sortKeyText(NEWEST) })
    .from(duplicateReviews)
    .innerJoin(clients, eq(clients.id, duplicateReviews.clientId))
    .leftJoin(askers, eq(askers.id, duplicateReviews.askedById))
    .leftJoin(rms, eq(rms.id, clients.primaryRmId))
    .where(and(where, after(NEWEST, duplicateReviews.id, cursor)))
    .orderBy(...orderOf(NEWEST, duplicateReviews.id))
    .limit(limit + 1);
  return pageOf(rows, limit, found);
}

/** The duplicate for whoever decides on it; null where the actor does not. */
async function toDecide(tx: Tx, actor: Actor, id: number) {
  if (!may(actor, 'clients.assign')) return null;
  const [row] = await tx
    .select({
      ...listColumns,
      note: duplicateReviews.note,
      decidedBy: { id: deciders.id, name: deciders.name },
      /** Null also when the lead is one the actor does not see. */
      lead: { id: leads.id, number: leads.number, name: leads.name, status: leads.status },
      client: {
        id: clients.id,
        number: clients.number,
        name: clients.name,
        organisation: clients.organisation,
        accountId: clients.accountId,
        panLast4: clients.panLast4,
        primaryRmId: clients.primaryRmId
      }
    })
    .from(duplicateReviews)
    .innerJoin(clients, eq(clients.id, duplicateReviews.clientId))
    .leftJoin(askers, eq(askers.id, duplicateReviews.askedById))
    .leftJoin(rms, eq(rms.id, clients.primaryRmId))
    .leftJoin(deciders, eq(deciders.id, duplicateReviews.decidedById))
    .leftJoin(leads, eq(leads.id, duplicateReviews.leadId))
    .where(eq(duplicateReviews.id, id));
  if (!row) return null;
  const points = await tx
    .select({ kind: clientContactPoints.kind, value: clientContactPoints.value })
    .from(clientContactPoints)
    .where(eq(clientContactPoints.clientId, row.client.id))
    .orderBy(desc(clientContactPoints.primary), clientContactPoints.id)
    .limit(20);
  const mine = inScope(actor, 'clients.assign', { userIds: [row.client.primaryRmId] });
  return {
    role: 'decider' as const,
    ...row,
    client: { ...row.client, points },
    can: { decide: mine && row.decidedAt === null }
  };
}

interface OwnRow extends Record<string, unknown> {
  id: number;
  leadId: number | null;
  occasion: DuplicateOccasion;
  entered: EnteredDuplicate;
  decision: DuplicateDecision | null;
  note: string | null;
  decidedBy: string | null;
  createdAt: Date;
  decidedAt: Date | null;
  usedAt: Date | null;
}

/** What the actor entered and had to be looked at by others, newest first; never which client it met. */
export async function ownDuplicates(
  tx: Tx,
  { id, leadId }: { id?: number; leadId?: number | undefined } = {}
): Promise<OwnRow[]> {
  const where = and(
    id === undefined ? undefined : sql`id = ${id}`,
    leadId === undefined ? undefined : sql`lead_id = ${leadId}`
  );
  const rows = await tx.execute<OwnRow>(sql`
    select id::int as id, lead_id::int as "leadId", occasion, entered, decision, note, decided_by as "decidedBy",
      created_at as "createdAt", decided_at as "decidedAt", used_at as "usedAt"
    from app.own_duplicates() where ${where ?? sql`true`} order by id desc limit 50`);
  const time = (value: Date | null) => value && new Date(value);
  return rows.map((row) => ({
    ...row,
    createdAt: new Date(row.createdAt),
    decidedAt: time(row.decidedAt),
    usedAt: time(row.usedAt)
  }));
}

/** The duplicate as whoever decides sees it, else as whoever entered it does. */
export async function duplicateById(tx: Tx, actor: Actor, id: number) {
  const asked = await toDecide(tx, actor, id);
  if (asked) return asked;
  const [own] = await ownDuplicates(tx, { id });
  if (!own) throw new NotFound();
  return { role: 'asker' as const, ...own };
}

/** How many wait for the actor. */
export async function duplicatesWaiting(tx: Tx, actor: Actor): Promise<number> {
  if (!may(actor, 'clients.assign')) return 0;
  const [row] = await tx
    .select({ waiting: sql<number>`count(*)::int` })
    .from(duplicateReviews)
    .where(and(isNull(duplicateReviews.decidedAt), ofMyPeople(actor)));
  return row?.waiting ?? 0;
}
