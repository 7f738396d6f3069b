import { and, count, desc, eq, lt } from 'drizzle-orm';
import { clients } from '#lib/clients/schema.server.ts';
import { decodeCursor, pageOf } from '#lib/platform/db/keyset.server.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { NotFound } from '#lib/platform/errors.ts';
import type { ListHoldingsInput } from './model.ts';
import { holdings } from './schema.server.ts';

const COUNTED = 1000;

/**
 * Holdings, newest first. One that the actor sees as his own work, of a client he does not see, comes with `client`
 * null. NotFound for a client that is hidden and of which he has no such holding.
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

function selectHoldings(tx: Tx) {
  return tx
    .select({
      id: holdings.id,
      client: { id: clients.id, name: clients.name, number: clients.number },
      kind: holdings.kind,
      productId: holdings.productId,
      productName: holdings.productName,
      folio: holdings.folio,
      mode: holdings.mode,
      amount: holdings.amount,
      currency: holdings.currency,
      units: holdings.units,
      startedOn: holdings.startedOn,
      status: holdings.status,
      serialNumbers: holdings.serialNumbers,
      leadId: holdings.leadId,
      createdAt: holdings.createdAt,
      version: holdings.version
    })
    .from(holdings)
    .leftJoin(clients, eq(clients.id, holdings.clientId));
}

async function requireClient(tx: Tx, id: number): Promise<void> {
  const [client] = await tx.select({ id: clients.id }).from(clients).where(eq(clients.id, id));
  if (!client) throw new NotFound();
}
