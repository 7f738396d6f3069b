import { asc, desc, eq, sql } from 'drizzle-orm';
import { products } from '#lib/catalogue/schema.server.ts';
import { clients } from '#lib/clients/schema.server.ts';
import { users } from '#lib/people/schema.server.ts';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import { pageOf } from '#lib/platform/db/keyset.server.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { NotFound } from '#lib/platform/errors.ts';
import { listingOf, pageQuery, wholeQuery, type Listing } from './listing.server.ts';
import type { ListInteractionsInput } from './model.ts';
import { linkedColumns } from './record.server.ts';
import { interactions } from './schema.server.ts';

const COUNTED = 1000;

/**
 * What was said with clients, the newest first unless told otherwise. Own entries about a client the actor does not see come with `client`
 * null. NotFound for a client that is hidden and of which he has no such entry.
 */
export async function listInteractions(tx: Tx, actor: Actor, input: ListInteractionsInput) {
  const listing = listingOf(actor, input);
  const [rows, total] = await Promise.all([selectInteractions(tx, listing), countInteractions(tx, listing)]);
  const clientId = input.filter?.clientId;
  if (clientId !== undefined && total === 0) await requireClient(tx, clientId);
  const page = pageOf(rows, listing.limit, (row) => [row.place, row.id]);
  return {
    items: page.items.map(({ place: _place, ...item }) => item),
    nextCursor: page.nextCursor,
    total,
    totalIsEstimate: total > COUNTED
  };
}

async function countInteractions(tx: Tx, listing: Listing): Promise<number> {
  const [row] = await tx.execute<{ n: number }>(
    sql`select count(*)::int as n from (${wholeQuery(listing, COUNTED + 1)}) found`
  );
  return row?.n ?? 0;
}

function selectInteractions(tx: Tx, listing: Listing) {
  const order = listing.newest ? desc : asc;
  return tx
    .select({
      id: interactions.id,
      client: { id: clients.id, name: clients.name, number: clients.number },
      user: { id: users.id, name: users.name },
      purpose: interactions.purpose,
      channel: interactions.channel,
      direction: interactions.direction,
      subject: interactions.subject,
      body: interactions.body,
      occurredAt: interactions.occurredAt,
      place: sql<string>`${interactions.occurredAt}::text`,
      missed: interactions.missed,
      product: { id: products.id, name: products.name },
      ...linkedColumns,
      loggedById: interactions.loggedById,
      version: interactions.version
    })
    .from(interactions)
    .innerJoin(sql`(${pageQuery(listing)}) page`, sql`page.id = ${interactions.id}`)
    .leftJoin(clients, eq(clients.id, interactions.clientId))
    .leftJoin(users, eq(users.id, interactions.userId))
    .leftJoin(products, eq(products.id, interactions.productId))
    .orderBy(order(interactions.occurredAt), order(interactions.id));
}

async function requireClient(tx: Tx, id: number): Promise<void> {
  const [client] = await tx.select({ id: clients.id }).from(clients).where(eq(clients.id, id));
  if (!client) throw new NotFound();
}
