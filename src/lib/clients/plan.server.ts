import { and, eq, sql } from 'drizzle-orm';
import { notify } from '#lib/notifications/commands.server.ts';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { Conflict, RuleViolation } from '#lib/platform/errors.ts';
import type { PlanContactInput } from './inputs.ts';
import { firmToday } from './listing.server.ts';
import { clientFor, clientOf, type ClientFacts } from './reads.server.ts';
import { checkReferences, refuseArchived } from './rules.server.ts';
import { clients } from './schema.server.ts';

/**
 * Plans the next contact, by the RM when nobody is named, and tells whoever is to make it; without a day the plan is
 * taken back. Returns the client as it is then.
 */
export async function planContact(tx: Tx, actor: Actor, input: PlanContactInput): Promise<ClientFacts> {
  const client = await clientFor(tx, actor, input.id, 'clients.edit', 'book');
  if (input.version !== undefined && input.version !== client.version)
    throw new Conflict(undefined, { current: client });
  const byId = input.on === null ? null : (input.byId ?? client.primaryRmId);
  if (input.on !== null) await checkPlan(tx, client, { on: input.on, byId });
  const [changed] = await tx
    .update(clients)
    .set({
      nextContactOn: input.on,
      nextContactChannel: input.on === null ? null : input.channel || null,
      nextContactById: byId,
      updatedAt: sql`now()`,
      version: sql`${clients.version} + 1`
    })
    .where(and(eq(clients.id, input.id), eq(clients.version, client.version)))
    .returning({ id: clients.id });
  const planned = await clientOf(tx, input.id);
  if (!changed) throw new Conflict(undefined, { current: planned });
  if (byId !== null && byId !== actor.userId && input.on) await tell(tx, actor, planned, byId, input.on);
  return planned;
}

async function checkPlan(tx: Tx, client: ClientFacts, { on, byId }: { on: string; byId: number | null }) {
  refuseArchived(client);
  await checkReferences(tx, { userIds: [byId] });
  const [row] = await tx.execute<{ past: boolean; sees: boolean }>(sql`
    select ${on}::date < ${firmToday} as past,
      ${byId}::bigint is null or app.user_sees_client(${byId}::bigint, ${client.id}) as sees`);
  if (row?.past) throw new RuleViolation('Please choose today or a day to come', { field: 'on' });
  if (!row?.sees)
    throw new RuleViolation('Whoever makes the contact must see it here; choose a point of contact', {
      field: 'byId'
    });
}

async function tell(tx: Tx, actor: Actor, client: ClientFacts, userId: number, on: string): Promise<void> {
  await notify(tx, {
    key: `contact-planned:${client.id}:${client.version}`,
    userIds: [userId],
    kind: 'assigned',
    subject: { kind: 'client', id: client.id },
    title: `Contact ${client.name} (${client.number}) on ${on}`,
    body: `Planned by ${actor.name}`,
    reason: 'You were named to make this contact'
  });
}
