import { and, eq, sql } from 'drizzle-orm';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { Conflict, RuleViolation } from '#lib/platform/errors.ts';
import { clientFor, clientOf, type ClientFacts } from './reads.server.ts';
import { clients } from './schema.server.ts';

interface Versioned {
  id: number;
  version: number;
}

/**
 * Puts a client aside: lists leave it out, and nothing is planned for it any more. Refused while work is open, with
 * that work in `details.dependents`.
 */
export async function archiveClient(tx: Tx, actor: Actor, input: Versioned): Promise<ClientFacts> {
  const client = await clientFor(tx, actor, input.id, 'clients.archive', 'book');
  if (client.lifecycle === 'archived') throw new RuleViolation(`${client.number} is archived already`);
  await refuseOpenWork(tx, client);
  return change(tx, input, {
    lifecycle: 'archived',
    nextContactOn: null,
    nextContactChannel: null,
    nextContactById: null
  });
}

/** Brings an archived client back. */
export async function restoreClient(tx: Tx, actor: Actor, input: Versioned): Promise<ClientFacts> {
  const client = await clientFor(tx, actor, input.id, 'clients.archive', 'book');
  if (client.lifecycle === 'active') throw new RuleViolation(`${client.number} is not archived`);
  return change(tx, input, { lifecycle: 'active' });
}

async function refuseOpenWork(tx: Tx, { id, number }: ClientFacts): Promise<void> {
  const [open] = await tx.execute<{ queries: number; requests: number; leads: number }>(sql`
    select (select count(*)::int from queries q where q.client_id = ${id} and q.status in ('open', 'in_progress')) as queries,
      (select count(*)::int from service_requests r where r.client_id = ${id} and r.status in ('pending', 'in_progress')) as requests,
      (select count(*)::int from leads l where l.client_id = ${id} and l.status in ('new', 'wip')) as leads`);
  const dependents = [
    { kind: 'query', count: open?.queries ?? 0, label: words(open?.queries, 'open query', 'open queries') },
    { kind: 'request', count: open?.requests ?? 0, label: words(open?.requests, 'open request') },
    { kind: 'lead', count: open?.leads ?? 0, label: words(open?.leads, 'open lead') }
  ].filter(({ count }) => count > 0);
  if (dependents.length === 0) return;
  const list = dependents.map(({ label }) => label).join(', ');
  throw new RuleViolation(`${number} still has ${list}. Finish this first`, { dependents });
}

const words = (count = 0, one: string, many = `${one}s`) => `${count} ${count === 1 ? one : many}`;

async function change(
  tx: Tx,
  { id, version }: Versioned,
  values: Partial<typeof clients.$inferInsert>
): Promise<ClientFacts> {
  const [changed] = await tx
    .update(clients)
    .set({ ...values, updatedAt: sql`now()`, version: sql`${clients.version} + 1` })
    .where(and(eq(clients.id, id), eq(clients.version, version)))
    .returning({ id: clients.id });
  const client = await clientOf(tx, id);
  if (!changed) throw new Conflict(undefined, { current: client });
  return client;
}
