import { eq, sql } from 'drizzle-orm';
import { clientFor, type ClientFacts } from '#lib/clients/reads.server.ts';
import { logInteraction } from '#lib/interactions/commands.server.ts';
import { interactions } from '#lib/interactions/schema.server.ts';
import { openLeadFromReview } from '#lib/leads/from-review.server.ts';
import { colleague } from '#lib/people/colleague.server.ts';
import { inScope, may, type Actor } from '#lib/platform/auth/permissions.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { Forbidden, NotFound } from '#lib/platform/errors.ts';
import { heldAt } from './days.server.ts';
import type { LogReviewInput } from './model.ts';
import { portfolioReviews, reviewedHoldings } from './schema.server.ts';

export interface LoggedReview {
  /** Of the interaction that it is. */
  id: number;
  /** When the client's next review is due now, `2026-11-21`. */
  nextReviewOn: string | null;
  lead: { id: number; number: string } | null;
}

const SUBJECT = 'Portfolio review';

/**
 * Records a portfolio review of a client the actor may work on: a conversation with its holdings, findings and next
 * date, and the lead it called for, each leading to the other. The client's next review moves to the date that was
 * agreed, or by its cadence. Holdings must be of that client, else NotFound.
 */
export async function logReview(tx: Tx, actor: Actor, input: LogReviewInput): Promise<LoggedReview> {
  const { clientId, heldOn, nextOn, lead } = input;
  if (lead && !may(actor, 'leads.create')) throw new Forbidden('You may not open leads');
  const client = await clientFor(tx, actor, clientId, 'interactions.create', 'work');
  const userId = await holder(tx, actor, client, input.byId);
  const occurredAt = await heldAt(tx, { heldOn, nextOn });
  const { id } = await logInteraction(
    tx,
    actor,
    {
      clientId,
      purpose: 'portfolio_review',
      channel: input.channel ?? 'in_person',
      direction: 'outbound',
      subject: SUBJECT,
      body: input.findings,
      occurredAt
    },
    { userId, nextReviewOn: nextOn }
  );
  await tx.insert(portfolioReviews).values({ interactionId: id, heldOn, nextOn: nextOn ?? null });
  await setHoldings(tx, { interactionId: id, clientId, holdingIds: input.holdingIds ?? [] });
  const opened = lead && (await openLead(tx, actor, { clientId, interactionId: id, byId: userId, ...lead }));
  const { nextReviewOn } = await clientFor(tx, actor, clientId, 'interactions.create', 'work');
  return { id, nextReviewOn, lead: opened ?? null };
}

/** One of his people, or of those who look after the client. */
async function holder(
  tx: Tx,
  actor: Actor,
  client: ClientFacts,
  byId: number | null | undefined
): Promise<number> {
  if (!byId || byId === actor.userId) return actor.userId;
  const { id } = await colleague(tx, byId);
  const looksAfter = [client.primaryRmId, client.secondaryRmId].includes(id);
  if (!looksAfter && !inScope(actor, 'interactions.create', { userIds: [id] }))
    throw new Forbidden('A review was held by you, your people or whoever looks after them');
  return id;
}

async function openLead(tx: Tx, actor: Actor, lead: Parameters<typeof openLeadFromReview>[2]) {
  const opened = await openLeadFromReview(tx, actor, lead);
  await tx.update(interactions).set({ leadId: opened.id }).where(eq(interactions.id, lead.interactionId));
  return opened;
}

interface Reviewed {
  interactionId: number;
  clientId: number;
  holdingIds: number[];
}

/** Which holdings the review went through, in place of those it had. */
export async function setHoldings(tx: Tx, { interactionId, clientId, holdingIds }: Reviewed): Promise<void> {
  const wanted = [...new Set(holdingIds)];
  await tx.delete(reviewedHoldings).where(eq(reviewedHoldings.interactionId, interactionId));
  if (wanted.length === 0) return;
  const rows = await tx.execute<{ id: number; productName: string }>(sql`
    select h.id, h.product_name as "productName" from holdings h
    where h.client_id = ${clientId} and h.id = any (${`{${wanted.join(',')}}`}::bigint[]) order by h.id`);
  if (rows.length < wanted.length) throw new NotFound();
  await tx
    .insert(reviewedHoldings)
    .values(rows.map(({ id, productName }) => ({ interactionId, holdingId: id, productName })));
}
