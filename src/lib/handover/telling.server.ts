import { notify } from '#lib/notifications/commands.server.ts';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { HANDOVER_PARTS, type WorkCounts } from './model.ts';
import { countsInWords } from './words.ts';
import type { Party } from './parties.server.ts';

interface Told {
  handover: { id: number; number: string };
  from: Pick<Party, 'id' | 'name'>;
  receivers: { party: Party; counts: WorkCounts }[];
}

const some = (counts: WorkCounts) => HANDOVER_PARTS.some((part) => counts[part] > 0);

/** Tells each receiver of everything that is his now, and the heads of all, once each; never who did it himself. */
export async function tellOfHandover(
  tx: Tx,
  actor: Actor,
  { handover, from, receivers }: Told
): Promise<void> {
  const subject = { kind: 'handover' as const, id: handover.id };
  const taking = receivers.filter(({ counts }) => some(counts));
  for (const { party, counts } of taking) {
    if (party.id === actor.userId) continue;
    await notify(tx, {
      key: `handover:${handover.id}`,
      userIds: [party.id],
      kind: 'handover',
      subject,
      title: `${countsInWords(counts)} of ${from.name} are with you now`,
      body: `${handover.number}, handed over by ${actor.name}`,
      reason: 'You took over from a colleague'
    });
  }
  const heads = new Set(taking.flatMap(({ party }) => party.heads.map(({ id }) => id)));
  const told = [...heads].filter((id) => id !== actor.userId && !taking.some(({ party }) => party.id === id));
  await notify(tx, {
    key: `handover:${handover.id}`,
    userIds: told,
    kind: 'handover',
    subject,
    title: `${from.name} handed over to ${taking.map(({ party }) => party.name).join(', ')}`,
    body: `${handover.number}, carried out by ${actor.name}`,
    reason: 'You head the team of who took over'
  });
}

/** Tells the same people that a handover was taken back. */
export async function tellOfUndo(
  tx: Tx,
  actor: Actor,
  { handover, from, receivers }: Omit<Told, 'receivers'> & { receivers: Party[] }
): Promise<void> {
  const people = receivers.flatMap(({ id, heads }) => [id, ...heads.map((head) => head.id)]);
  await notify(tx, {
    key: `handover-undone:${handover.id}`,
    userIds: [...people, from.id].filter((id) => id !== actor.userId),
    kind: 'handover',
    subject: { kind: 'handover', id: handover.id },
    title: `${handover.number} from ${from.name} was undone`,
    body: `By ${actor.name}`,
    reason: 'You were told of this handover'
  });
}
