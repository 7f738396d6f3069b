import { sql } from 'drizzle-orm';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import { idArray } from '#lib/platform/db/arrays.server.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { NotFound, RuleViolation } from '#lib/platform/errors.ts';
import { clientsFor, type ClientFacts } from './reads.server.ts';

interface Beside extends Record<string, unknown> {
  id: number;
  rm: string | null;
  secondaryRm: string | null;
  nextContactBy: string | null;
  contactPoints: string[];
  addresses: number;
  tags: string[];
  interactions: number;
  notes: number;
  holdings: number;
  queries: number;
  requests: number;
  leads: number;
}

/** A client as it is compared with another: its facts, the names they speak of, and how much belongs to it. */
export type ComparedClient = Omit<ClientFacts, 'workerIds'> & Beside;

/**
 * Two clients side by side, before they are merged. NotFound unless the actor sees both, Forbidden unless both are
 * his to merge. The counts are of what he sees.
 */
export async function compareClients(
  tx: Tx,
  actor: Actor,
  { id, otherId }: { id: number; otherId: number }
): Promise<{ client: ComparedClient; other: ComparedClient }> {
  if (id === otherId) throw new RuleViolation('Please choose another one to merge with');
  const facts = await clientsFor(tx, actor, [id, otherId], 'clients.merge', 'book');
  const beside = await readBeside(tx, [id, otherId]);
  const compared = (wanted: number): ComparedClient => {
    const known = facts.find((client) => client.id === wanted);
    const more = beside.find((client) => client.id === wanted);
    if (!known || !more) throw new NotFound();
    const { workerIds: _, ...rest } = known;
    return { ...rest, ...more };
  };
  return { client: compared(id), other: compared(otherId) };
}

async function readBeside(tx: Tx, ids: number[]): Promise<Beside[]> {
  const count = (table: string) =>
    sql`(select count(*)::int from ${sql.identifier(table)} x where x.client_id = c.id)`;
  const person = (column: string) =>
    sql`(select u.name from users u where u.id = c.${sql.identifier(column)})`;
  const rows = await tx.execute<Beside>(sql`
    select c.id, ${person('primary_rm_id')} as rm, ${person('secondary_rm_id')} as "secondaryRm",
      ${person('next_contact_by_id')} as "nextContactBy",
      array(select p.value from client_contact_points p where p.client_id = c.id order by p.kind, p.id) as "contactPoints",
      array(select t.tag from client_tags t where t.client_id = c.id order by 1) as tags,
      ${count('client_addresses')} as addresses, ${count('interactions')} as interactions,
      ${count('client_notes')} as notes, ${count('holdings')} as holdings, ${count('queries')} as queries,
      ${count('service_requests')} as requests, ${count('leads')} as leads
    from clients c where c.id = any (${idArray(ids)})`);
  return [...rows];
}
