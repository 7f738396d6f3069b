import { and, eq, sql } from 'drizzle-orm';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { Conflict, Forbidden, RuleViolation } from '#lib/platform/errors.ts';
import { clientFor, clientOf } from './reads.server.ts';
import { clients } from './schema.server.ts';

/** What keeps a client from being deleted, by table and column. The rest are parts of it and go with it. */
export const DEPENDENTS = [
  {
    table: 'interactions',
    column: 'client_id',
    kind: 'interaction',
    one: 'conversation',
    many: 'conversations'
  },
  { table: 'client_notes', column: 'client_id', kind: 'note', one: 'note', many: 'notes' },
  { table: 'holdings', column: 'client_id', kind: 'holding', one: 'holding', many: 'holdings' },
  { table: 'queries', column: 'client_id', kind: 'query', one: 'query', many: 'queries' },
  {
    table: 'service_requests',
    column: 'client_id',
    kind: 'request',
    one: 'service request',
    many: 'service requests'
  },
  { table: 'leads', column: 'client_id', kind: 'lead', one: 'lead', many: 'leads' },
  {
    table: 'leads',
    column: 'given_by_client_id',
    kind: 'given',
    one: 'lead given by them',
    many: 'leads given by them'
  }
] as const;

export interface Dependent {
  /** A kind of the timeline, or `given` for leads that came from the client. */
  kind: (typeof DEPENDENTS)[number]['kind'];
  count: number;
  /** `3 queries` */
  label: string;
}

/** What depends on the client, each kind counted; empty when it can be deleted. */
async function dependentsOf(tx: Tx, id: number): Promise<Dependent[]> {
  const counts = DEPENDENTS.map(
    ({ table, column }) =>
      sql`(select count(*)::int from ${sql.identifier(table)} x where x.${sql.identifier(column)} = ${id})`
  );
  const [row] = await tx.execute<{ counts: number[] }>(
    sql`select array[${sql.join(counts, sql`, `)}] as counts`
  );
  return DEPENDENTS.map(({ kind, one, many }, place) => {
    const count = row?.counts[place] ?? 0;
    return { kind, count, label: `${count} ${count === 1 ? one : many}` };
  }).filter(({ count }) => count > 0);
}

/** The same for somebody who may delete it: NotFound when hidden, Forbidden when it is not his to delete. */
export async function dependentsFor(tx: Tx, actor: Actor, id: number): Promise<Dependent[]> {
  await deletable(tx, actor, id);
  return dependentsOf(tx, id);
}

async function deletable(tx: Tx, actor: Actor, id: number) {
  const client = await clientFor(tx, actor, id, 'clients.delete', 'book');
  if (!actor.seesAll) throw new Forbidden('Only administrators delete these records');
  return client;
}

/**
 * Deletes a client with its contact points, addresses and tags, for administrators. Refused while anything depends on
 * it, with the list in `details.dependents`.
 */
export async function deleteClient(
  tx: Tx,
  actor: Actor,
  { id, version }: { id: number; version: number }
): Promise<{ id: number }> {
  const client = await deletable(tx, actor, id);
  if (client.version !== version) throw new Conflict(undefined, { current: client });
  // From here on nothing can be added to it that would go with it unseen.
  await tx.select({ id: clients.id }).from(clients).where(eq(clients.id, id)).for('update');
  const dependents = await dependentsOf(tx, id);
  if (dependents.length > 0) {
    const list = dependents.map(({ label }) => label).join(', ');
    throw new RuleViolation(`${client.number} has ${list}. Archive it instead, or merge it into another`, {
      dependents
    });
  }
  const [gone] = await tx
    .delete(clients)
    .where(and(eq(clients.id, id), eq(clients.version, version)))
    .returning({ id: clients.id });
  if (!gone) throw new Conflict(undefined, { current: await clientOf(tx, id) });
  return gone;
}
