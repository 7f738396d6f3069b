import { and, eq, sql } from 'drizzle-orm';
import { notify } from '#lib/notifications/commands.server.ts';
import { inScope, type Actor } from '#lib/platform/auth/permissions.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { Conflict, Forbidden } from '#lib/platform/errors.ts';
import type { AssignClientInput } from './model.ts';
import { clientFor, clientOf, type ClientFacts } from './reads.server.ts';
import { checkReferences } from './rules.server.ts';
import { clients } from './schema.server.ts';

/**
 * Gives the client to other points of contact and tells them. With a grant for the team, to people of the actor's
 * own teams only. Returns the client as it is then.
 */
export async function assignClient(tx: Tx, actor: Actor, input: AssignClientInput): Promise<ClientFacts> {
  const current = await clientFor(tx, actor, input.id, 'clients.assign', 'book');
  if (input.version !== undefined && input.version !== current.version)
    throw new Conflict(undefined, { current });
  const primaryRmId = input.primaryRmId ?? current.primaryRmId;
  const secondaryRmId = input.secondaryRmId === undefined ? current.secondaryRmId : input.secondaryRmId;
  const added = [primaryRmId, secondaryRmId].filter(
    (id) => id !== null && id !== current.primaryRmId && id !== current.secondaryRmId
  ) as number[];
  await checkReferences(tx, { userIds: added });
  if (!added.every((id) => inScope(actor, 'clients.assign', { userIds: [id] })))
    throw new Forbidden('You may give clients to people of your own teams only');
  if (primaryRmId === current.primaryRmId && secondaryRmId === current.secondaryRmId) return current;

  const [changed] = await tx
    .update(clients)
    .set({ primaryRmId, secondaryRmId, updatedAt: sql`now()`, version: sql`${clients.version} + 1` })
    .where(and(eq(clients.id, input.id), eq(clients.version, current.version)))
    .returning({ version: clients.version });
  if (!changed) throw new Conflict(undefined, { current: await clientOf(tx, input.id) });
  await notify(tx, {
    key: `client-assigned:${input.id}:${changed.version}`,
    userIds: added.filter((id) => id !== actor.userId),
    kind: 'assigned',
    subject: { kind: 'client', id: input.id },
    title: `${current.name} (${current.number}) is now with you`,
    body: `Given to you by ${actor.name}`,
    reason: 'You are a point of contact of this client'
  });
  return clientOf(tx, input.id);
}
