import { sql } from 'drizzle-orm';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { Conflict, RuleViolation } from '#lib/platform/errors.ts';
import { HANDOVER_PARTS, type CarryOutInput, type HandoverPlan, type WorkCounts } from './model.ts';
import { workOut, type WorkedOut } from './plan.server.ts';
import { handovers } from './schema.server.ts';
import { lockHeld, SOURCES } from './sources.server.ts';
import { countsOf, type Item } from './spread.ts';
import { tellOfHandover } from './telling.server.ts';

export interface HandedOver {
  id: number;
  number: string;
  counts: WorkCounts;
}

/**
 * Passes what somebody holds to others, as far as the actor sees it, in the transaction it is given: every record gets
 * its new people and a new version, clocks run on, the receivers and their heads are told once. For a plan without a
 * dry run, such as before somebody is deactivated. Throws RuleViolation where something stands in the way, Forbidden
 * where one of the people is beyond the actor's grants.
 */
export async function handOver(
  tx: Tx,
  actor: Actor,
  plan: HandoverPlan & { note?: string | undefined }
): Promise<HandedOver> {
  await lockHeld(tx, plan.parts, plan.fromId);
  return pass(tx, actor, plan, await workOut(tx, actor, plan));
}

/** Carries out what a dry run showed; a Conflict where it would come out otherwise by now. */
export async function carryOut(tx: Tx, actor: Actor, { token, ...plan }: CarryOutInput): Promise<HandedOver> {
  await lockHeld(tx, plan.parts, plan.fromId);
  const worked = await workOut(tx, actor, plan);
  refuseObstacles(worked);
  if (worked.token !== token)
    throw new Conflict('What would be handed over has changed since you looked. Check it once more', {
      current: { token: worked.token, counts: countsOf(worked.items) }
    });
  return pass(tx, actor, plan, worked);
}

function refuseObstacles({ from, items, conflicts }: WorkedOut): void {
  const obstacle = conflicts.find(({ blocks }) => blocks);
  if (obstacle) throw new RuleViolation(`${obstacle.text}. Choose somebody else`);
  if (items.length === 0) throw new RuleViolation(`${from.name} has nothing of this to hand over`);
}

async function pass(
  tx: Tx,
  actor: Actor,
  plan: HandoverPlan & { note?: string | undefined },
  worked: WorkedOut
): Promise<HandedOver> {
  refuseObstacles(worked);
  const { from, receivers, items } = worked;
  const counts = countsOf(items);
  const [handover] = await tx
    .insert(handovers)
    .values({
      fromId: from.id,
      toIds: receivers.map(({ id }) => id),
      byId: actor.userId,
      parts: plan.parts,
      counts,
      note: plan.note || null
    })
    .returning({ id: handovers.id, number: handovers.number });
  if (!handover) throw new Error('The handover was not stored');
  await store(tx, handover.id, items);
  await move(tx, handover.id, counts);
  await tellOfHandover(tx, actor, {
    handover,
    from,
    receivers: receivers.map((party) => ({ party, counts: countsOf(items, party.id) }))
  });
  return { ...handover, counts };
}

async function store(tx: Tx, handoverId: number, items: Item[]): Promise<void> {
  const rows = items.map(({ part, id, toId, before, after }) => ({ part, id, to: toId, before, after }));
  await tx.execute(sql`
    insert into handover_items (handover_id, part, record_id, to_id, before, after)
    select ${handoverId}, r.part, r.id, r."to", r.before, r.after
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) r(part text, id bigint, "to" bigint, before jsonb, after jsonb)`);
}

/** One statement a part, in the order in which the plan was worked out. */
async function move(tx: Tx, handoverId: number, counts: WorkCounts): Promise<void> {
  for (const part of HANDOVER_PARTS.filter((each) => counts[each] > 0)) {
    const { table, columns } = SOURCES[part];
    const written = columns.map((column) => `${column} = (i.after ->> '${column}')::bigint`).join(', ');
    const moved = await tx.execute<{ id: number }>(sql`
      update ${sql.raw(table)} t set ${sql.raw(written)}, updated_at = now(), version = t.version + 1
      from handover_items i
      where i.handover_id = ${handoverId} and i.part = ${part} and t.id = i.record_id returning t.id`);
    if (moved.length !== counts[part])
      throw new Conflict('What would be handed over has changed since you looked. Check it once more');
  }
}
