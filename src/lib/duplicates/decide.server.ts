import { eq, sql } from 'drizzle-orm';
import { clientOf } from '#lib/clients/reads.server.ts';
import { addHolding } from '#lib/holdings/commands.server.ts';
import { holdings } from '#lib/holdings/schema.server.ts';
import { logInteraction } from '#lib/interactions/commands.server.ts';
import { interactions } from '#lib/interactions/schema.server.ts';
import { notify } from '#lib/notifications/commands.server.ts';
import { inScope, type Actor } from '#lib/platform/auth/permissions.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { Conflict, Forbidden, NotFound, RuleViolation } from '#lib/platform/errors.ts';
import { DECISION_LABELS, needsCorrection, type DecideDuplicateInput } from './model.ts';
import { duplicateById } from './reads.server.ts';
import { duplicateReviews } from './schema.server.ts';

type Review = typeof duplicateReviews.$inferSelect;

export interface Decided {
  id: number;
  decision: 'same' | 'different';
  /** The lead was linked to the client and counts as converted. */
  linked: boolean;
}

/**
 * Decides whether what was entered is the client it met. The same: nothing new is created; a lead that was being
 * converted is linked to the client with what it sold, which shows its RM nothing of that client. Not the same:
 * whoever asked may go ahead once. He is told either way, and never which client it was.
 */
export async function decideDuplicate(tx: Tx, actor: Actor, input: DecideDuplicateInput): Promise<Decided> {
  const { id, decision, note } = input;
  const review = await lockReview(tx, actor, input);
  const now = sql`now()`;
  await tx
    .update(duplicateReviews)
    .set({
      decision,
      note: note || null,
      decidedById: actor.userId,
      decidedAt: now,
      version: sql`${duplicateReviews.version} + 1`
    })
    .where(eq(duplicateReviews.id, id));
  const linked = decision === 'same' && review.leadId !== null && (await linkLead(tx, actor, review));
  await tell(tx, actor, { ...review, decision, note: note || null }, linked);
  return { id, decision, linked };
}

async function lockReview(tx: Tx, actor: Actor, { id, version }: DecideDuplicateInput): Promise<Review> {
  const [review] = await tx.select().from(duplicateReviews).where(eq(duplicateReviews.id, id)).for('update');
  if (!review) throw new NotFound();
  const client = await clientOf(tx, review.clientId);
  if (!inScope(actor, 'clients.assign', { userIds: [client.primaryRmId] })) throw new Forbidden();
  if (review.decision) {
    const words = DECISION_LABELS[review.decision].toLowerCase();
    throw new RuleViolation(`This is decided already: ${words}. Nothing more can be done here.`);
  }
  if (version !== undefined && version !== review.version)
    throw new Conflict(undefined, { current: await duplicateById(tx, actor, id) });
  return review;
}

/** False where the lead was finished otherwise. The head need not see the lead, so the link is the database's. */
async function linkLead(tx: Tx, actor: Actor, { id, clientId, leadId, entered }: Review): Promise<boolean> {
  const { sale, of } = entered;
  const [row] = await tx.execute<{ linked: number | null }>(
    sql`select app.link_reviewed_lead(${id}, ${sale?.productId ?? null}) as linked`
  );
  if (!row?.linked) return false;
  if (!sale) return true;
  const { productId, amount, currency, folio, startedOn } = sale;
  const holding = await addHolding(tx, actor, { clientId, productId, amount, currency, folio, startedOn });
  await tx.update(holdings).set({ leadId }).where(eq(holdings.id, holding.id));
  const talk = await logInteraction(tx, actor, {
    clientId,
    purpose: 'new_business',
    channel: 'in_person',
    direction: 'outbound',
    subject: `${of?.number ?? 'A lead'} converted`,
    productId
  });
  await tx.update(interactions).set({ leadId }).where(eq(interactions.id, talk.id));
  return true;
}

interface Words {
  title: string;
  body: string;
}

function wordsFor(review: Review, linked: boolean): Words {
  const name = review.entered.name ?? review.entered.of?.name ?? 'What you entered';
  if (review.decision === 'same') {
    const title = `${name} is a client already`;
    if (linked)
      return { title, body: 'Your lead is converted and linked to it. A colleague looks after them.' };
    return { title, body: 'A colleague looks after them, so nothing was added.' };
  }
  const title = `${name} is somebody else: you may go ahead`;
  if (needsCorrection(review.matchedOn))
    return {
      title,
      body: 'The PAN or account id belongs to somebody else, though. Please check it and try again.'
    };
  return { title, body: 'Please send it once more; it is let through this time.' };
}

/** Of a number that was added, nothing was said to whoever added it, and nothing is said now. */
async function tell(tx: Tx, actor: Actor, review: Review, linked: boolean): Promise<void> {
  if (review.occasion === 'contact') return;
  const { title, body } = wordsFor(review, linked);
  await notify(tx, {
    key: `duplicate-decided:${review.id}`,
    userIds: [review.askedById],
    kind: 'duplicate',
    subject: review.leadId ? { kind: 'lead', id: review.leadId } : { kind: 'duplicate', id: review.id },
    title,
    body: review.note ? `${body} ${review.note}` : body,
    reason: `${actor.name} decided on what you sent for review`
  });
}
