import { and, count, desc, eq, lt, sql } from 'drizzle-orm';
import { products } from '#lib/catalogue/schema.server.ts';
import { clientOf, reaches } from '#lib/clients/reads.server.ts';
import { clients } from '#lib/clients/schema.server.ts';
import { historyOf, type HistoryEntry } from '#lib/platform/audit/history.server.ts';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import { decodeCursor, pageOf } from '#lib/platform/db/keyset.server.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { NotFound } from '#lib/platform/errors.ts';
import type { HoldingTotalsInput, ListHoldingsInput } from './model.ts';
import { holdings } from './schema.server.ts';

const COUNTED = 1000;

/** What its units are worth at the latest net asset value, in the product's currency; null where either is missing. */
const value = sql<string | null>`case when ${holdings.status} = 'active'
  then round(${holdings.units} * ${products.nav}, 2)::text end`;

const columns = {
  id: holdings.id,
  kind: holdings.kind,
  productId: holdings.productId,
  productName: holdings.productName,
  folio: holdings.folio,
  mode: holdings.mode,
  amount: holdings.amount,
  currency: holdings.currency,
  units: holdings.units,
  startedOn: holdings.startedOn,
  instalment: holdings.instalment,
  instalmentDay: holdings.instalmentDay,
  status: holdings.status,
  endedOn: holdings.endedOn,
  serialNumbers: holdings.serialNumbers,
  leadId: holdings.leadId,
  createdAt: holdings.createdAt,
  version: holdings.version
};

const valued = { value, valueCurrency: products.currency, nav: products.nav, navOn: products.navOn };

function selectHoldings(tx: Tx) {
  return tx
    .select({
      ...columns,
      ...valued,
      client: { id: clients.id, name: clients.name, number: clients.number }
    })
    .from(holdings)
    .leftJoin(clients, eq(clients.id, holdings.clientId))
    .leftJoin(products, eq(products.id, holdings.productId));
}

/**
 * Holdings, newest first, each with what it is worth where its product has a net asset value. One that the actor sees
 * as his own work, of a client he does not see, comes with `client` null. NotFound for a client that is hidden and of
 * which he has no such holding.
 */
export async function listHoldings(tx: Tx, { clientId, filter = {}, cursor, limit = 50 }: ListHoldingsInput) {
  const place = decodeCursor(cursor, 1);
  const matching = and(
    clientId === undefined ? undefined : eq(holdings.clientId, clientId),
    filter.productId === undefined ? undefined : eq(holdings.productId, filter.productId),
    filter.status === undefined ? undefined : eq(holdings.status, filter.status)
  );
  const beyond = place ? lt(holdings.id, Number(place[0])) : undefined;
  const counted = tx
    .select({ id: holdings.id })
    .from(holdings)
    .where(matching)
    .limit(COUNTED + 1)
    .as('counted');
  const [rows, [counts]] = await Promise.all([
    selectHoldings(tx)
      .where(and(matching, beyond))
      .orderBy(desc(holdings.id))
      .limit(limit + 1),
    tx.select({ total: count() }).from(counted)
  ]);
  const total = counts?.total ?? 0;
  if (clientId !== undefined && total === 0) await requireClient(tx, clientId);
  return { ...pageOf(rows, limit, (row) => [row.id]), total, totalIsEstimate: total > COUNTED };
}

/** A holding with its client's id, which is for the server alone where the client is hidden. NotFound when hidden. */
export async function holdingOf(tx: Tx, id: number) {
  const [row] = await tx
    .select({ ...columns, clientId: holdings.clientId })
    .from(holdings)
    .where(eq(holdings.id, id));
  if (!row) throw new NotFound();
  return row;
}

/** Everything for a holding's page, and what the actor can do with it. */
export async function holdingRecord(tx: Tx, actor: Actor, id: number) {
  const [[row], history] = await Promise.all([
    selectHoldings(tx).where(eq(holdings.id, id)),
    historyOf(tx, 'holdings', id)
  ]);
  if (!row) throw new NotFound();
  const client = row.client && (await clientOf(tx, row.client.id));
  const can = (permission: 'holdings.edit' | 'holdings.delete') =>
    client !== null && reaches(actor, permission, client, 'work');
  return {
    ...row,
    history: history.map(withoutIds),
    can: { edit: can('holdings.edit'), remove: can('holdings.delete') }
  };
}

/** Ids say nothing to people, and one may be that of a client the actor does not see. */
function withoutIds(entry: HistoryEntry): HistoryEntry {
  const named = (values: HistoryEntry['newValues']) =>
    values && Object.fromEntries(Object.entries(values).filter(([column]) => !/(^|_)id$/.test(column)));
  return { ...entry, oldValues: named(entry.oldValues), newValues: named(entry.newValues) };
}

export interface HoldingTotal extends Record<string, unknown> {
  currency: string;
  /** What was paid in, and by how many holdings that say it; exact text. */
  invested: string | null;
  /** What those with units and a net asset value are worth, and how many they are. */
  value: string | null;
  valued: number;
  /** The oldest of the net asset values: the value is not older than this day. */
  asOf: string | null;
}

interface Counted extends Record<string, unknown> {
  clients: number;
  holdings: number;
  units: string | null;
  currencies: HoldingTotal[];
}

/**
 * What the actor's clients hold, active holdings only: counted, and summed by currency, never across. `units` is only
 * meant for one product. NotFound for a client that is
 * hidden, also when a holding of it is his own work.
 */
export async function holdingTotals(tx: Tx, { clientId, productId }: HoldingTotalsInput): Promise<Counted> {
  if (clientId !== undefined) await requireClient(tx, clientId);
  const ofClient = clientId === undefined ? sql`true` : sql`h.client_id = ${clientId}`;
  const ofProduct = productId === undefined ? sql`true` : sql`h.product_id = ${productId}`;
  const [row] = await tx.execute<Counted>(sql`
    with held as materialized (
      select h.client_id, h.status = 'active' as active, h.currency, h.amount, h.units,
        p.currency as value_currency, round(h.units * p.nav, 2) as value, p.nav_on
      from holdings h left join products p on p.id = h.product_id
      where ${ofClient} and ${ofProduct}
    ), parts as (
      select currency, amount as invested, null::numeric as value, null::date as nav_on from held where active
      union all
      select value_currency, null, value, nav_on from held where active and value is not null
    )
    select (select count(distinct client_id)::int from held where active) as clients,
      (select count(*)::int from held where active) as holdings,
      (select sum(units)::text from held where active) as units,
      coalesce((select json_agg(json_build_object('currency', t.currency, 'invested', t.invested::text,
          'value', t.value::text, 'valued', t.valued, 'asOf', t.as_of) order by t.currency)
        from (select currency, sum(invested) as invested, sum(value) as value, count(value) as valued,
            min(nav_on)::text as as_of
          from parts group by currency) t
        where t.invested is not null or t.value is not null), '[]') as currencies`);
  if (!row) throw new Error('Totals were not answered');
  return row;
}

async function requireClient(tx: Tx, id: number): Promise<void> {
  const [client] = await tx.select({ id: clients.id }).from(clients).where(eq(clients.id, id));
  if (!client) throw new NotFound();
}
