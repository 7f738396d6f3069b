import { and, asc, eq, sql } from 'drizzle-orm';
import { interactions } from '#lib/interactions/schema.server.ts';
import { leads } from '#lib/leads/schema.server.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { NotFound } from '#lib/platform/errors.ts';
import { portfolioReviews, reviewedHoldings } from './schema.server.ts';

/**
 * What a portfolio review has beside the conversation it is: its days, the holdings it went through, and the leads it
 * opened as far as the actor sees them. NotFound when it is hidden, missing or another kind of conversation.
 */
export async function reviewById(tx: Tx, id: number) {
  const [row] = await tx
    .select({
      id: interactions.id,
      heldOn: sql<string>`coalesce(${portfolioReviews.heldOn},
        (${interactions.occurredAt} at time zone (select time_zone from firm_settings))::date)::text`,
      nextOn: portfolioReviews.nextOn,
      findings: interactions.body,
      channel: interactions.channel,
      version: interactions.version
    })
    .from(interactions)
    .leftJoin(portfolioReviews, eq(portfolioReviews.interactionId, interactions.id))
    .where(and(eq(interactions.id, id), eq(interactions.purpose, 'portfolio_review')));
  if (!row) throw new NotFound();
  const [holdings, opened] = await Promise.all([
    tx
      .select({ id: reviewedHoldings.holdingId, productName: reviewedHoldings.productName })
      .from(reviewedHoldings)
      .where(eq(reviewedHoldings.interactionId, id))
      .orderBy(asc(reviewedHoldings.productName)),
    tx
      .select({
        id: leads.id,
        number: leads.number,
        name: leads.name,
        status: leads.status,
        opportunity: leads.opportunity
      })
      .from(leads)
      .where(eq(leads.originInteractionId, id))
      .orderBy(asc(leads.id))
  ]);
  return { ...row, holdings, leads: opened };
}
