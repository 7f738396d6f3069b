import { eq, sql } from 'drizzle-orm';
import { notify } from '#lib/notifications/commands.server.ts';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { Conflict, NotFound, RuleViolation } from '#lib/platform/errors.ts';
import type { MergeClientsInput, MergedFact } from './inputs.ts';
import { clientOf, clientsFor, type ClientFacts } from './reads.server.ts';
import { checkReferences } from './rules.server.ts';
import { clients } from './schema.server.ts';
import { checkTaxId, storedTaxId } from './tax-id.server.ts';

type Row = typeof clients.$inferSelect;
type Column = keyof Row & keyof typeof clients.$inferInsert;

/** What goes along with a fact that is taken. */
const COLUMNS: Record<MergedFact, Column[]> = {
  name: ['name'],
  kind: ['kind'],
  organisation: ['organisation'],
  type: ['type'],
  tier: ['tier'],
  pan: [
    ...(['panCipher', 'panRef', 'panIndex', 'panLast4', 'panKeyVersion'] as const),
    ...(['panHolder', 'guardianName', 'panExemptReason'] as const)
  ],
  accountId: ['accountId'],
  language: ['language'],
  primaryRmId: ['primaryRmId'],
  secondaryRmId: ['secondaryRmId'],
  reviewEveryMonths: ['reviewEveryMonths'],
  nextReviewOn: ['nextReviewOn'],
  nextContactOn: ['nextContactOn', 'nextContactChannel', 'nextContactById']
};

/**
 * Makes two clients one. All that belongs to `otherId` moves to `id`, with the facts named in `take`; the other is
 * gone, and its address and number lead to the one that was kept. NotFound unless the actor sees both, Conflict when
 * either has changed since he compared them. Returns the one that was kept.
 */
export async function mergeClients(tx: Tx, actor: Actor, input: MergeClientsInput): Promise<ClientFacts> {
  const { id, otherId } = input;
  if (id === otherId) throw new RuleViolation('Please choose another one to merge with');
  const both = () => clientsFor(tx, actor, [id, otherId], 'clients.merge', 'book');
  // Nothing is locked of what he may not merge.
  await both();
  // Whoever is second at the same moment waits here, and finds one of them gone.
  await tx.execute(sql`select app.lock_clients_to_merge(${id}, ${otherId})`);
  const found = await both();
  const versions = new Map([
    [id, input.version],
    [otherId, input.otherVersion]
  ]);
  const stale = found.find((client) => versions.get(client.id) !== client.version);
  if (stale) throw new Conflict(`${stale.number} has changed in the meantime`, { current: stale });
  const other = await wholeRow(tx, otherId);
  await tx.execute(sql`select app.merge_clients(${id}, ${otherId})`);
  await take(tx, id, other, input.take ?? []);
  const kept = await clientOf(tx, id);
  await tell(tx, actor, kept, other);
  return kept;
}

async function wholeRow(tx: Tx, id: number): Promise<Row> {
  const [row] = await tx.select().from(clients).where(eq(clients.id, id));
  if (!row) throw new NotFound();
  return row;
}

async function take(tx: Tx, id: number, other: Row, facts: MergedFact[]): Promise<void> {
  const own = await wholeRow(tx, id);
  const taken = facts.flatMap((fact) => COLUMNS[fact]).map((column) => [column, other[column]] as const);
  const values: Partial<Row> = Object.fromEntries(taken);
  const merged = { ...own, ...values };
  if (facts.some((fact) => ['pan', 'kind', 'type', 'name'].includes(fact))) {
    const { panCompulsory } = await checkReferences(tx, {});
    checkTaxId(storedTaxId(merged), { compulsory: panCompulsory });
  }
  const second = merged.secondaryRmId === merged.primaryRmId ? null : merged.secondaryRmId;
  await tx
    .update(clients)
    .set({
      ...values,
      secondaryRmId: second,
      // What an import knows the client by must go on leading to it.
      externalRef: own.externalRef ?? other.externalRef,
      updatedAt: sql`now()`,
      version: sql`${clients.version} + 1`
    })
    .where(eq(clients.id, id));
}

async function tell(tx: Tx, actor: Actor, kept: ClientFacts, other: Row): Promise<void> {
  const userIds = [kept.primaryRmId, kept.secondaryRmId].filter((id) => id !== null && id !== actor.userId);
  await notify(tx, {
    key: `client-merged:${other.id}:${kept.id}`,
    userIds: userIds as number[],
    kind: 'merged',
    subject: { kind: 'client', id: kept.id },
    title: `${other.number} was merged into ${kept.name} (${kept.number})`,
    body: `Merged by ${actor.name}. Everything of both is on one page now.`,
    reason: 'You are a point of contact here'
  });
}

/** Where the client of this id went when it was merged; null for one that is there, hidden or never was. */
export async function movedTo(tx: Tx, id: number): Promise<{ id: number } | null> {
  const [row] = await tx.execute<{ id: number }>(
    sql`select m.client_id as id from client_merges m where m.old_id = ${id}`
  );
  return row ?? null;
}
