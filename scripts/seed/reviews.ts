import { eq, sql } from 'drizzle-orm';
import { holdings } from '#lib/holdings/schema.server.ts';
import { interactions } from '#lib/interactions/schema.server.ts';
import { leads } from '#lib/leads/schema.server.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { portfolioReviews, reviewedHoldings } from '#lib/reviews/schema.server.ts';
import { type DemoClient, type DemoProduct, dateIn } from './book.ts';
import type { Chance } from './chance.ts';
import { FINDINGS } from './words.ts';

type Held = Pick<typeof interactions.$inferSelect, 'id' | 'clientId' | 'userId' | 'occurredAt'>;

/** Turns the talks about portfolios into reviews: what was gone through, what was found, and what came of it. */
export async function seedReviews(
  tx: Tx,
  dice: Chance,
  { clients, catalogue }: { clients: DemoClient[]; catalogue: DemoProduct[] }
): Promise<void> {
  const held = await tx
    .select({
      id: interactions.id,
      clientId: interactions.clientId,
      userId: interactions.userId,
      occurredAt: interactions.occurredAt
    })
    .from(interactions)
    .where(eq(interactions.purpose, 'portfolio_review'))
    .orderBy(interactions.id);
  const reviewed = new Set<number>();
  for (const review of held) {
    await describe(tx, dice, review);
    const client = clients.find(({ id }) => id === review.clientId);
    if (client && !reviewed.has(client.id) && dice.likely(0.4))
      await openLead(tx, dice, review, { client, product: dice.pick(catalogue) });
    reviewed.add(review.clientId);
  }
}

async function describe(tx: Tx, dice: Chance, { id, clientId, occurredAt }: Held): Promise<void> {
  await tx
    .update(interactions)
    .set({ subject: 'Portfolio review', body: dice.pick(FINDINGS) })
    .where(eq(interactions.id, id));
  await tx.insert(portfolioReviews).values({
    interactionId: id,
    heldOn: occurredAt.toISOString().slice(0, 10),
    nextOn: dateIn(dice.whole(20, 160))
  });
  await tx.execute(sql`
    insert into ${reviewedHoldings} (interaction_id, holding_id, product_name)
    select ${id}, id, product_name from ${holdings} where client_id = ${clientId} order by id`);
}

/** What the review called for, leading to it and back. */
async function openLead(
  tx: Tx,
  dice: Chance,
  review: Held,
  { client, product }: { client: DemoClient; product: DemoProduct }
): Promise<void> {
  const [email, phone] = ['email', 'phone'].map(
    (kind) =>
      sql`(select p.value_key from client_contact_points p where p.client_id = ${client.id} and p.kind = ${kind})`
  );
  const [lead] = await tx
    .insert(leads)
    .values({
      name: client.name,
      email,
      emailKey: email,
      phone,
      phoneKey: phone,
      obtainedById: client.rm.id,
      givenByClientId: client.id,
      conversionRmId: client.rm.id,
      teamId: client.rm.teamId,
      clientId: client.id,
      productId: product.id,
      expectedValue: `${dice.whole(10, 90) * 10_000}.00`,
      status: 'wip',
      nextFollowUpOn: dateIn(dice.whole(-2, 12)),
      originInteractionId: review.id,
      opportunity: dice.pick(['cross_sell', 'upsell']),
      createdById: client.rm.id,
      createdAt: review.occurredAt,
      statusChangedAt: review.occurredAt,
      updatedAt: review.occurredAt
    })
    .returning({ id: leads.id });
  if (lead) await tx.update(interactions).set({ leadId: lead.id }).where(eq(interactions.id, review.id));
}
