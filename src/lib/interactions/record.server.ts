import { aliasedTable, eq, sql, type SQL } from 'drizzle-orm';
import { products } from '#lib/catalogue/schema.server.ts';
import { clients } from '#lib/clients/schema.server.ts';
import { users } from '#lib/people/schema.server.ts';
import { historyOf } from '#lib/platform/audit/history.server.ts';
import { inScope, type Actor } from '#lib/platform/auth/permissions.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { NotFound } from '#lib/platform/errors.ts';
import { interactions } from './schema.server.ts';

/** A query, request or lead that an interaction refers to, where the actor sees it. */
export interface LinkedWork {
  id: number;
  number: string;
  name: string;
  status: string;
}

// The tables above interactions are named and not imported; their own policies decide what is shown.
const linked = (from: string, name: string, column: SQL) =>
  sql<LinkedWork | null>`(select json_build_object('id', x.id, 'number', x.number, 'name', ${sql.raw(name)}, 'status', x.status)
    from ${sql.raw(from)} where x.id = ${column})`;

export const linkedColumns = {
  query: linked('queries x', 'x.subject', sql`${interactions.queryId}`),
  request: linked(
    'service_requests x join request_types k on k.id = x.type_id',
    'k.name',
    sql`${interactions.requestId}`
  ),
  lead: linked('leads x', 'x.name', sql`${interactions.leadId}`)
};

const loggers = aliasedTable(users, 'loggers');

/** An interaction with everything it refers to, and what the actor can do with it. NotFound when hidden or missing. */
export async function interactionById(tx: Tx, actor: Actor, id: number) {
  const [row] = await tx
    .select({
      id: interactions.id,
      client: { id: clients.id, name: clients.name, number: clients.number },
      user: { id: users.id, name: users.name },
      loggedBy: { id: loggers.id, name: loggers.name },
      purpose: interactions.purpose,
      channel: interactions.channel,
      direction: interactions.direction,
      subject: interactions.subject,
      body: interactions.body,
      occurredAt: interactions.occurredAt,
      missed: interactions.missed,
      automatic: interactions.automatic,
      product: { id: products.id, name: products.name },
      ...linkedColumns,
      createdAt: interactions.createdAt,
      updatedAt: interactions.updatedAt,
      version: interactions.version
    })
    .from(interactions)
    .leftJoin(clients, eq(clients.id, interactions.clientId))
    .leftJoin(users, eq(users.id, interactions.userId))
    .leftJoin(loggers, eq(loggers.id, interactions.loggedById))
    .leftJoin(products, eq(products.id, interactions.productId))
    .where(eq(interactions.id, id));
  if (!row) throw new NotFound();
  const owners = { userIds: [row.user?.id ?? null, row.loggedBy?.id ?? null] };
  return {
    ...row,
    can: {
      edit: inScope(actor, 'interactions.edit', owners),
      delete: inScope(actor, 'interactions.delete', owners)
    },
    history: (await historyOf(tx, 'interactions', id)).map(withoutIds).filter(saysAnything)
  };
}

/** Ids of other records could tell of ones the actor does not see. */
function withoutIds<E extends { oldValues: Values; newValues: Values }>(entry: E): E {
  return { ...entry, oldValues: plain(entry.oldValues), newValues: plain(entry.newValues) };
}

/** A lead that it opened is shown as such and not as a change. */
const saysAnything = ({ action, newValues }: { action: string; newValues: Values }) =>
  action !== 'update' || Object.keys(newValues ?? {}).length > 0;

type Values = Record<string, unknown> | null;

const plain = (values: Values): Values =>
  values && Object.fromEntries(Object.entries(values).filter(([column]) => !column.endsWith('_id')));
