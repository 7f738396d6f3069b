import { createHash } from 'node:crypto';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { plural } from '#lib/ui/format.ts';
import { conflictsOf, type HandoverConflict } from './conflicts.ts';
import type { HandoverPlan } from './model.ts';
import { partiesFor, type Party } from './parties.server.ts';
import { heldOf, type Held } from './sources.server.ts';
import { spread, type Item } from './spread.ts';

/** A plan with all that it would do now. */
export interface WorkedOut {
  from: Party;
  receivers: Party[];
  items: Item[];
  /** Clients that were picked to stay. */
  staying: Held[];
  conflicts: HandoverConflict[];
  /** The same as long as the same records would pass to the same people from the same people. */
  token: string;
}

/** Works out what a plan would do to the records the actor sees. Changes nothing. */
export async function workOut(tx: Tx, actor: Actor, plan: HandoverPlan): Promise<WorkedOut> {
  const { from, receivers } = await partiesFor(tx, actor, plan);
  const held = await heldOf(tx, plan.parts, from.id);
  const picks = plan.picks?.filter(({ toId }) => toId === null || plan.toIds.includes(toId));
  const items = spread(held, receivers, picks);
  const conflicts = conflictsOf(from, receivers, items);
  const remains = await stillSees(tx, plan, from, items);
  if (remains) conflicts.push(remains);
  const stays = new Set(picks?.filter(({ toId }) => toId === null).map(({ clientId }) => clientId));
  const staying = held.filter(
    ({ part, id }) => (part === 'clients' || part === 'secondary') && stays.has(id)
  );
  return { from, receivers, items, staying, conflicts, token: tokenOf(plan, items, conflicts) };
}

/** Work that stays on a client that passes lets the giver see the client on. */
async function stillSees(
  tx: Tx,
  { parts }: HandoverPlan,
  from: Party,
  items: Item[]
): Promise<HandoverConflict | null> {
  const moved = new Map(items.filter(({ part }) => part === 'clients').map((item) => [item.id, item]));
  if (moved.size === 0) return null;
  const stays: Item[] = [];
  const kept = (['queries', 'requests'] as const).filter((part) => !parts.includes(part));
  for (const { clientId } of await heldOf(tx, kept, from.id)) {
    const item = moved.get(clientId ?? 0);
    if (item && moved.delete(item.id)) stays.push(item);
  }
  if (stays.length === 0) return null;
  const text = `${from.name} keeps open work for ${plural(stays.length, 'client')} and will see them until it is done`;
  return { kind: 'stillSees', blocks: false, text, items: stays };
}

function tokenOf({ fromId }: HandoverPlan, items: Item[], conflicts: HandoverConflict[]): string {
  const moves = items.map(({ part, id, toId, before, after }) => [part, id, toId, before, after]);
  const known = conflicts.map(({ kind, text }) => [kind, text]);
  return createHash('sha256')
    .update(JSON.stringify([fromId, moves, known]))
    .digest('hex');
}
