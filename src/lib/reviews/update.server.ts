import { eq, sql } from 'drizzle-orm';
import { lockInteraction } from '#lib/interactions/edit.server.ts';
import { moveNextReview } from '#lib/interactions/next-review.server.ts';
import { interactions } from '#lib/interactions/schema.server.ts';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { NotFound } from '#lib/platform/errors.ts';
import { heldAt } from './days.server.ts';
import { setHoldings } from './log.server.ts';
import type { UpdateReviewInput } from './model.ts';
import { reviewById } from './reads.server.ts';
import { portfolioReviews } from './schema.server.ts';

/** Changes what `input` names of a review that is the actor's or his people's; the client's next review follows. */
export async function updateReview(
  tx: Tx,
  actor: Actor,
  input: UpdateReviewInput
): Promise<{ id: number; version: number }> {
  const row = await lockInteraction(tx, actor, 'interactions.edit', input);
  const before = await reviewById(tx, input.id);
  const heldOn = input.heldOn ?? before.heldOn;
  const nextOn = input.nextOn === undefined ? before.nextOn : input.nextOn;
  const occurredAt = heldOn === before.heldOn ? row.occurredAt : await heldAt(tx, { heldOn, nextOn });
  if (heldOn === before.heldOn && nextOn !== before.nextOn) await heldAt(tx, { heldOn, nextOn });
  const [changed] = await tx
    .update(interactions)
    .set({
      occurredAt,
      channel: input.channel ?? row.channel,
      body: input.findings === undefined ? row.body : input.findings || null,
      updatedAt: sql`now()`,
      version: sql`${interactions.version} + 1`
    })
    .where(eq(interactions.id, row.id))
    .returning({ id: interactions.id, version: interactions.version });
  if (!changed) throw new NotFound();
  await tx
    .insert(portfolioReviews)
    .values({ interactionId: row.id, heldOn, nextOn })
    .onConflictDoUpdate({ target: portfolioReviews.interactionId, set: { heldOn, nextOn } });
  const { clientId } = row;
  if (input.holdingIds)
    await setHoldings(tx, { interactionId: row.id, clientId, holdingIds: input.holdingIds });
  if (heldOn !== before.heldOn || nextOn !== before.nextOn)
    await moveNextReview(tx, clientId, { id: row.id, nextOn });
  return changed;
}
