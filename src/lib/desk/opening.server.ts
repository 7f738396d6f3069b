import { eq } from 'drizzle-orm';
import { inScope, type Actor, type Permission } from '#lib/platform/auth/permissions.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { Forbidden, NotFound } from '#lib/platform/errors.ts';
import { clients } from '#lib/clients/schema.server.ts';

export interface ClientOfWork {
  id: number;
  primaryRmId: number | null;
  secondaryRmId: number | null;
  tier: string | null;
}

async function visibleClient(tx: Tx, id: number): Promise<ClientOfWork | undefined> {
  const [client] = await tx
    .select({
      id: clients.id,
      primaryRmId: clients.primaryRmId,
      secondaryRmId: clients.secondaryRmId,
      tier: clients.tier
    })
    .from(clients)
    .where(eq(clients.id, id));
  return client;
}

/**
 * The client that something is opened for; null where the actor's grant reaches everybody's but he does not see
 * this one. A client that is hidden otherwise, or missing, is NotFound.
 */
export async function clientToOpenFor(
  tx: Tx,
  actor: Actor,
  permission: Permission,
  id: number
): Promise<ClientOfWork | null> {
  const client = await visibleClient(tx, id);
  if (!client && actor.grants[permission] !== 'all') throw new NotFound();
  if (!client) return null;
  // Heads work for whoever they see; the others for those they look after.
  const { primaryRmId, secondaryRmId } = client;
  if (
    actor.grants[permission] === 'own' &&
    !inScope(actor, permission, { userIds: [primaryRmId, secondaryRmId] })
  ) {
    throw new Forbidden('You may do this for your own clients');
  }
  return client;
}
