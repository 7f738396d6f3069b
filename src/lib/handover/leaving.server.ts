import { deactivatePerson } from '#lib/people/work.server.ts';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { RuleViolation } from '#lib/platform/errors.ts';
import { handOver, type HandedOver } from './commands.server.ts';
import { HANDOVER_PARTS, type DeactivateInput } from './model.ts';
import { openWorkOf } from './reads.server.ts';

/**
 * Hands all that somebody holds to others and deactivates him, or does neither. Refused where he would still hold
 * something, such as a record the actor does not see. Null where there was nothing to hand over.
 */
export async function deactivateWithHandover(
  tx: Tx,
  actor: Actor,
  { id, version, headId, toIds, note }: DeactivateInput
): Promise<HandedOver | null> {
  const work = await openWorkOf(tx, id);
  const parts = HANDOVER_PARTS.filter((part) => work[part] > 0);
  if (parts.length > 0 && toIds.length === 0)
    throw new RuleViolation('Choose who takes over', { field: 'toIds' });
  const done = parts.length > 0 ? await handOver(tx, actor, { fromId: id, toIds, parts, note }) : null;
  await deactivatePerson(tx, actor, { id, version, headId });
  return done;
}
