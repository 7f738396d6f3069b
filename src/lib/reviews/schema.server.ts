import { date, index, pgTable, text } from 'drizzle-orm/pg-core';
import { condition, identity, reference } from '#lib/platform/db/columns.server.ts';
import { rowVisible, visibleBy } from '#lib/platform/db/policies.server.ts';
import { holdings } from '#lib/holdings/schema.server.ts';
import { interactions } from '#lib/interactions/schema.server.ts';

/** Said or logged by the actor or his people. */
const ownInteraction = (column: string) =>
  condition(
    `exists (select 1 from interactions v where v.id = ${column} and (v.user_id = any ((select app.visible_user_ids())::bigint[]) or v.logged_by_id = any ((select app.visible_user_ids())::bigint[])))`
  );

/** What a portfolio review has beside the conversation it is; its findings are the conversation's words. */
export const portfolioReviews = pgTable(
  'portfolio_reviews',
  {
    interactionId: reference()
      .primaryKey()
      .references(() => interactions.id, { onDelete: 'cascade' }),
    heldOn: date({ mode: 'string' }).notNull(),
    /** What was agreed for the next one; null when nothing was. */
    nextOn: date({ mode: 'string' })
  },
  () =>
    visibleBy('portfolio_reviews', {
      read: rowVisible('interactions', 'portfolio_reviews.interaction_id'),
      change: ownInteraction('portfolio_reviews.interaction_id')
    })
);

export const reviewedHoldings = pgTable(
  'reviewed_holdings',
  {
    id: identity(),
    interactionId: reference()
      .notNull()
      .references(() => interactions.id, { onDelete: 'cascade' }),
    holdingId: reference().references(() => holdings.id, { onDelete: 'set null' }),
    /** The holding's name as it was. */
    productName: text().notNull()
  },
  (t) => [
    index('reviewed_holdings_review').on(t.interactionId),
    index('reviewed_holdings_holding').on(t.holdingId),
    ...visibleBy('reviewed_holdings', {
      read: rowVisible('interactions', 'reviewed_holdings.interaction_id'),
      change: ownInteraction('reviewed_holdings.interaction_id'),
      remove: ownInteraction('reviewed_holdings.interaction_id')
    })
  ]
);
