import { eq } from 'drizzle-orm';
import type { Actor, Permission } from '#lib/platform/auth/permissions.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { Forbidden, NotFound } from '#lib/platform/errors.ts';
import { reaches, workerIds } from '#lib/clients/reads.server.ts';
import { refuseArchived } from '#lib/clients/rules.server.ts';
import { clients } from '#lib/clients/schema.server.ts';

async function visibleClient(tx: Tx, id: number) {
  const [client] = await tx
    .select({
      id: clients.id,
      number: clients.number,
      lifecycle: clients.lifecycle,
      primaryRmId: clients.primaryRmId,
      secondaryRmId: clients.secondaryRmId,
      tier: clients.tier,
      workerIds
    })
    .from(clients)
    .where(eq(clients.id, id));
  return client;
}

export type ClientOfWork = NonNullable<Awaited<ReturnType<typeof visibleClient>>>;

/**
 * The client that something is opened for; null where the actor's grant reaches everybody's but he does not see
 * this one. A client that is hidden otherwise, or missing, is NotFound; an archived one is a RuleViolation.
 */
export async function clientToOpenFor(
  tx: Tx,
  actor: Actor,
  permission: Permission,
  id: number
): Promise<ClientOfWork | null> {
  const client = await visibleClient(tx, id);
  if (!client && actor.grants[permission] !== 'all') throw new NotFound();
  if (client && !reaches(actor, permission, client, 'work')) throw new Forbidden();
  if (client) refuseArchived(client);
  return client ?? null;
}
