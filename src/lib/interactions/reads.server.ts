import { and, count, desc, eq, gte, lt, sql, type SQL } from 'drizzle-orm';
import { products } from '#lib/catalogue/schema.server.ts';
import { clients } from '#lib/clients/schema.server.ts';
import { users } from '#lib/people/schema.server.ts';
import { decodeCursor, pageOf } from '#lib/platform/db/keyset.server.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { NotFound } from '#lib/platform/errors.ts';
import type { ListInteractionsInput } from './model.ts';
import { interactions } from './schema.server.ts';

const COUNTED = 1000;

type Filter = NonNullable<ListInteractionsInput['filter']>;

function matching({ clientId, userId, purpose, channel, from, to }: Filter): SQL | undefined {
  return and(
    clientId === undefined ? undefined : eq(interactions.clientId, clientId),
    userId === undefined ? undefined : eq(interactions.userId, userId),
    purpose === undefined ? undefined : eq(interactions.purpose, purpose),
    channel === undefined ? undefined : eq(interactions.channel, channel),
    from === undefined ? undefined : gte(interactions.occurredAt, from),
    to === undefined ? undefined : lt(interactions.occurredAt, to)
  );
}

/**
 * What was said with clients, newest first. Own entries about a client the actor does not see come with `client`
 * null. NotFound for a client that is hidden and of which he has no such entry.
 */
export async function listInteractions(tx: Tx, { filter = {}, cursor, limit = 50 }: ListInteractionsInput) {
  const place = decodeCursor(cursor, 2);
  const wanted = matching(filter);
  const beyond = place
    ? sql`(${interactions.occurredAt}, ${interactions.id}) < (${place[0]}::timestamptz, ${place[1]}::bigint)`
    : undefined;
  const counted = tx
    .select({ id: interactions.id })
    .from(interactions)
    .where(wanted)
    .limit(COUNTED + 1)
    .as('counted');
  const [rows, [counts]] = await Promise.all([
    selectInteractions(tx)
      .where(and(wanted, beyond))
      .orderBy(desc(interactions.occurredAt), desc(interactions.id))
      .limit(limit + 1),
    tx.select({ total: count() }).from(counted)
  ]);
  const total = counts?.total ?? 0;
  if (filter.clientId !== undefined && total === 0) await requireClient(tx, filter.clientId);
  const page = pageOf(rows, limit, (row) => [row.place, row.id]);
  return {
    items: page.items.map(({ place: _place, ...item }) => item),
    nextCursor: page.nextCursor,
    total,
    totalIsEstimate: total > COUNTED
  };
}

function selectInteractions(tx: Tx) {
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
      queryId: interactions.queryId,
      requestId: interactions.requestId,
      leadId: interactions.leadId,
      loggedById: interactions.loggedById
    })
    .from(interactions)
    .leftJoin(clients, eq(clients.id, interactions.clientId))
    .leftJoin(users, eq(users.id, interactions.userId))
    .leftJoin(products, eq(products.id, interactions.productId));
}

async function requireClient(tx: Tx, id: number): Promise<void> {
  const [client] = await tx.select({ id: clients.id }).from(clients).where(eq(clients.id, id));
  if (!client) throw new NotFound();
}
