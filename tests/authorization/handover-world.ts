import { handoverItems, handovers } from '#lib/handover/schema.server.ts';
import { noWork } from '#lib/handover/model.ts';
import { asSystem } from '#lib/platform/db/transactions.server.ts';
import type { TestFirm } from '../support/firm.ts';
import type { ActorName, Relation } from './world.ts';

/** A handover of one's own work, a colleague's or another's, to somebody who sees nothing, by an administrator. */
export async function mintHandover(
  firm: TestFirm,
  name: ActorName,
  relation: Exclude<Relation, 'missing'>
): Promise<number> {
  const givers = {
    executive: { own: firm.rm, team: firm.rm2, other: firm.otherRm },
    ops: { own: firm.ops, team: firm.ops2, other: firm.otherOps },
    head: { own: firm.rmHead, team: firm.rm, other: firm.otherRm },
    administrator: { own: firm.admin, team: firm.rm, other: firm.otherRm }
  };
  const fromId = givers[name][relation].userId;
  const toId = relation === 'other' ? firm.otherHead.userId : firm.goneId;
  const values = { fromId, toIds: [toId], byId: firm.goneId, parts: ['clients' as const], counts: noWork() };
  return asSystem(async (tx) => {
    const [row] = await tx.insert(handovers).values(values).returning({ id: handovers.id });
    const handoverId = row?.id ?? 0;
    const people = { primary_rm_id: fromId, secondary_rm_id: null };
    const item = { part: 'clients' as const, recordId: 999_999_999, toId, before: people, after: people };
    await tx.insert(handoverItems).values({ handoverId, ...item });
    return handoverId;
  });
}
