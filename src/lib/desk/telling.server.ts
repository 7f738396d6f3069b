import { notify } from '#lib/notifications/commands.server.ts';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';

interface Assigned {
  kind: 'query' | 'request';
  id: number;
  number: string;
  clientName: string;
  version: number;
  userId: number | null;
}

/** Tells somebody that work is his now; nobody is told of what he took himself. */
export async function tellAssigned(tx: Tx, actor: Actor, work: Assigned): Promise<void> {
  const { kind, id, number, clientName, version, userId } = work;
  if (userId === null || userId === actor.userId) return;
  await notify(tx, {
    key: `assigned:${kind}:${id}:${version}`,
    userIds: [userId],
    kind: 'assigned',
    subject: { kind, id },
    title: `${number} for ${clientName} is yours`,
    reason: `${actor.name} assigned this ${kind === 'query' ? 'query' : 'service request'} to you`
  });
}
