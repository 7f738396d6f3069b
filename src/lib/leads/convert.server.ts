import { eq, sql } from 'drizzle-orm';
import { products } from '#lib/catalogue/schema.server.ts';
import type { EnteredDuplicate } from '#lib/clients/duplicate.ts';
import { lockOpenWork } from '#lib/clients/open-work.server.ts';
import type { SentForReview } from '#lib/clients/review.server.ts';
import { addHolding } from '#lib/holdings/commands.server.ts';
import { logInteraction } from '#lib/interactions/commands.server.ts';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { NotFound } from '#lib/platform/errors.ts';
import { chooseClient } from './choose-client.server.ts';
import { changeLead } from './commands.server.ts';
import { moveContacts } from './contacts.server.ts';
import type { ConvertLeadInput } from './inputs.ts';
import { lockLead, type LockedLead } from './locks.server.ts';

export interface ConvertedLead {
  outcome: 'converted';
  id: number;
  number: string;
  status: string;
  version: number;
  client: { id: number; number: string; name: string };
  /** Made by this conversion, not one that was there. */
  created: boolean;
  holdingId: number;
  interactionId: number;
  /** Fields of the existing client that were empty and are filled now. */
  filled: string[];
  warnings: string[];
}

const CHANNEL_OF_MODE = { call: 'call', mail: 'email', whatsapp: 'whatsapp' } as const;

/**
 * Makes a client of a lead in one go: finds or creates the client, adds the holding, marks the lead, links both and
 * logs the conversation. The lead is locked first, so of two people who convert it at the same time the second is
 * told that it is converted. A client that the actor does not see is never named: the answer is `sent_for_review`
 * and nothing is converted.
 */
export async function convertLead(
  tx: Tx,
  actor: Actor,
  input: ConvertLeadInput
): Promise<ConvertedLead | SentForReview> {
  // A tier that is filled in notes the open work for the client, which is locked before leads.
  if (input.fillEmpty && input.clientId !== undefined && input.client?.tier)
    await lockOpenWork(tx, [input.clientId]);
  const { lead, status } = await lockLead(tx, actor, 'convert', input);
  const sale = await saleOf(tx, lead, input);
  const chosen = await chooseClient(tx, actor, lead, input, sale);
  if ('outcome' in chosen) return chosen;
  const clientId = chosen.client.id;
  const changed = await changeLead(tx, lead, {
    status,
    clientId,
    productId: input.productId,
    convertedAt: sql`now()`,
    nextFollowUpOn: null
  });
  await moveContacts(tx, lead.id);
  const { productId, amount, currency, folio, startedOn } = sale;
  const holding = await addHolding(tx, actor, {
    clientId,
    productId,
    leadId: lead.id,
    amount,
    currency,
    folio,
    startedOn
  });
  const interaction = await logInteraction(tx, actor, {
    clientId,
    purpose: 'new_business',
    channel: input.channel ?? (lead.mode ? CHANNEL_OF_MODE[lead.mode] : 'in_person'),
    direction: 'outbound',
    subject: `${lead.number} converted`,
    productId: input.productId,
    leadId: lead.id
  });
  return {
    outcome: 'converted',
    ...changed,
    ...chosen,
    holdingId: holding.id,
    interactionId: interaction.id
  };
}

/** What is sold, so that whoever decides on a duplicate can carry it out. */
async function saleOf(
  tx: Tx,
  lead: LockedLead,
  input: ConvertLeadInput
): Promise<NonNullable<EnteredDuplicate['sale']>> {
  const [product] = await tx
    .select({ id: products.id, name: products.name })
    .from(products)
    .where(eq(products.id, input.productId));
  if (!product) throw new NotFound();
  return {
    productId: product.id,
    product: product.name,
    amount: input.amount || null,
    currency: input.currency ?? lead.currency,
    startedOn: input.startedOn || (await today(tx)),
    folio: input.folio || null
  };
}

async function today(tx: Tx): Promise<string> {
  const [row] = await tx.execute<{ today: string }>(
    sql`select (now() at time zone time_zone)::date::text as today from firm_settings`
  );
  if (!row) throw new NotFound();
  return row.today;
}
