import { sql } from 'drizzle-orm';
import { createClient } from '#lib/clients/create.server.ts';
import { findMatches, MATCH_LABELS, type Match } from '#lib/clients/matches.server.ts';
import type { CreateClientInput, UpdateClientInput } from '#lib/clients/model.ts';
import { addContactPoint } from '#lib/clients/contact-points.server.ts';
import { clientFor, clientOf, reaches, type ClientFacts } from '#lib/clients/reads.server.ts';
import { sendForReview, type SentForReview } from '#lib/clients/review.server.ts';
import { updateClient } from '#lib/clients/update.server.ts';
import { addHolding } from '#lib/holdings/commands.server.ts';
import { logInteraction } from '#lib/interactions/commands.server.ts';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { NotFound, RuleViolation } from '#lib/platform/errors.ts';
import { changeLead } from './commands.server.ts';
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

interface Chosen {
  client: { id: number; number: string; name: string };
  created: boolean;
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
  const { lead, status } = await lockLead(tx, actor, 'convert', input);
  const chosen = await chooseClient(tx, actor, lead, input);
  if ('outcome' in chosen) return chosen;
  const clientId = chosen.client.id;
  const changed = await changeLead(tx, lead, {
    status,
    clientId,
    productId: input.productId,
    convertedAt: sql`now()`,
    nextFollowUpOn: null
  });
  const holding = await addHolding(tx, actor, {
    clientId,
    productId: input.productId,
    leadId: lead.id,
    amount: input.amount || null,
    currency: input.currency ?? lead.currency,
    folio: input.folio || null,
    startedOn: input.startedOn || (await today(tx))
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

async function today(tx: Tx): Promise<string> {
  const [row] = await tx.execute<{ today: string }>(
    sql`select (now() at time zone time_zone)::date::text as today from firm_settings`
  );
  if (!row) throw new NotFound();
  return row.today;
}

async function chooseClient(
  tx: Tx,
  actor: Actor,
  lead: LockedLead,
  input: ConvertLeadInput
): Promise<Chosen | SentForReview> {
  if (input.clientId !== undefined) return useClient(tx, actor, lead, input, input.clientId);
  const { client } = input;
  const email = client?.email ?? lead.email;
  const phone = client?.phone ?? lead.phone;
  const matches = await findMatches(tx, {
    pan: client?.panHolder === 'guardian' || client?.type === 'minor' ? null : client?.pan,
    accountId: client?.accountId,
    emails: [email],
    phones: [phone, client?.whatsapp]
  });
  if (matches.some((match) => !match.visible)) return sendForReview(tx, actor, matches, { leadId: lead.id });
  const same = sameClient(matches, client === undefined);
  if (same) return useClient(tx, actor, lead, input, same.id);
  return newClient(tx, actor, lead, { ...client, email, phone });
}

/** An equal PAN or account id is the same client; an equal address alone may be somebody of the same house. */
function sameClient(matches: Match[], trustAddresses: boolean): Match | undefined {
  const certain = matches.filter(
    ({ matchedOn }) => trustAddresses || matchedOn === 'pan' || matchedOn === 'account'
  );
  if (certain.length < 2) return certain[0];
  throw new RuleViolation('More than one client fits this lead. Please choose one', {
    matches: certain.map(({ id, number, name, matchedOn }) => ({
      id,
      number,
      name,
      matchedOn,
      why: MATCH_LABELS[matchedOn]
    }))
  });
}

async function newClient(
  tx: Tx,
  actor: Actor,
  lead: LockedLead,
  entered: Partial<CreateClientInput>
): Promise<Chosen | SentForReview> {
  const made = await createClient(
    tx,
    actor,
    {
      ...entered,
      kind: entered.kind ?? 'individual',
      name: entered.name ?? lead.name,
      organisation: entered.organisation ?? lead.organisation,
      primaryRmId: entered.primaryRmId ?? lead.conversionRmId
    },
    { leadId: lead.id }
  );
  if (made.outcome === 'sent_for_review') return made;
  return { client: made.client, created: true, filled: [], warnings: made.warnings };
}

async function useClient(
  tx: Tx,
  actor: Actor,
  lead: LockedLead,
  input: ConvertLeadInput,
  clientId: number
): Promise<Chosen | SentForReview> {
  const client = await clientOf(tx, clientId);
  if (client.lifecycle === 'archived') throw new RuleViolation(`${client.number} is archived`);
  const { id, number, name } = client;
  const chosen = { client: { id, number, name }, created: false, filled: [], warnings: [] };
  // Whose client it is decides on its facts; converting needs only to see it.
  if (!input.fillEmpty || !reaches(actor, 'clients.edit', client, 'book')) return chosen;
  return fillClient(tx, actor, lead, input, { ...chosen, facts: client });
}

const FILLABLE = ['organisation', 'tier', 'accountId', 'language'] as const;

function emptyFacts(
  facts: ClientFacts,
  lead: LockedLead,
  input: ConvertLeadInput
): Partial<UpdateClientInput> {
  const offered: Partial<CreateClientInput> = { organisation: lead.organisation, ...input.client };
  const filled = FILLABLE.filter((name) => !facts[name] && offered[name]).map((name) => [
    name,
    offered[name]
  ]);
  const { pan, panHolder, guardianName } = offered;
  const tax = pan && !facts.panLast4 ? { pan, panHolder, guardianName, panExemptReason: null } : {};
  return { ...(Object.fromEntries(filled) as Partial<UpdateClientInput>), ...tax };
}

async function fillClient(
  tx: Tx,
  actor: Actor,
  lead: LockedLead,
  input: ConvertLeadInput,
  { facts, ...chosen }: Chosen & { facts: ClientFacts }
): Promise<Chosen | SentForReview> {
  const empty = emptyFacts(facts, lead, input);
  const names = Object.keys(empty).filter((name) => empty[name as keyof typeof empty] !== undefined);
  const filled = names.filter((name) => !['panHolder', 'guardianName', 'panExemptReason'].includes(name));
  const warnings: string[] = [];
  if (filled.length > 0) {
    const updated = await updateClient(tx, actor, { ...empty, id: facts.id, version: facts.version });
    if (updated.outcome === 'sent_for_review') return updated;
    warnings.push(...updated.warnings);
  }
  const points = await fillContactPoints(tx, actor, facts.id, {
    email: input.client?.email ?? lead.email,
    phone: input.client?.phone ?? lead.phone
  });
  return { ...chosen, filled: [...filled, ...points], warnings };
}

async function fillContactPoints(
  tx: Tx,
  actor: Actor,
  clientId: number,
  offered: { email: string | null; phone: string | null }
): Promise<string[]> {
  await clientFor(tx, actor, clientId, 'clients.edit', 'book');
  const rows = await tx.execute<{ kind: string }>(
    sql`select distinct kind from client_contact_points where client_id = ${clientId}`
  );
  const present = new Set(rows.map(({ kind }) => kind));
  const added: string[] = [];
  for (const kind of ['email', 'phone'] as const) {
    const value = offered[kind];
    if (!value || present.has(kind)) continue;
    await addContactPoint(tx, actor, { clientId, kind, value, primary: true });
    added.push(kind);
  }
  return added;
}
