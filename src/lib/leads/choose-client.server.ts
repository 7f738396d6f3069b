import { createClient, enteredOf } from '#lib/clients/create.server.ts';
import type { EnteredDuplicate } from '#lib/clients/duplicate.ts';
import { findMatches, MATCH_LABELS, type Match } from '#lib/clients/matches.server.ts';
import type { CreateClientInput } from '#lib/clients/model.ts';
import { clientOf, reaches } from '#lib/clients/reads.server.ts';
import { sendForReview, withoutDecided, type SentForReview } from '#lib/clients/review.server.ts';
import { refuseArchived } from '#lib/clients/rules.server.ts';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { RuleViolation } from '#lib/platform/errors.ts';
import { fillClient, type Filled } from './fill-client.server.ts';
import type { ConvertLeadInput } from './inputs.ts';
import type { LockedLead } from './locks.server.ts';

export interface Chosen extends Filled {
  client: { id: number; number: string; name: string };
  /** Made by this conversion, not one that was there. */
  created: boolean;
}

type About = Pick<EnteredDuplicate, 'of' | 'sale'>;

/** The client of a lead: the one that is named, the one that has its PAN, account id or address, or a new one. */
export async function chooseClient(
  tx: Tx,
  actor: Actor,
  lead: LockedLead,
  input: ConvertLeadInput,
  sale: NonNullable<EnteredDuplicate['sale']>
): Promise<Chosen | SentForReview> {
  if (input.clientId !== undefined) return useClient(tx, actor, lead, input, input.clientId);
  const { client } = input;
  const about = { of: { number: lead.number, name: lead.name }, sale };
  const email = client?.email ?? lead.email;
  const phone = client?.phone ?? lead.phone;
  const found = await findMatches(tx, {
    pan: client?.panHolder === 'guardian' || client?.type === 'minor' ? null : client?.pan,
    accountId: client?.accountId,
    emails: [email],
    phones: [phone, client?.whatsapp]
  });
  const matches = await withoutDecided(tx, found, { leadId: lead.id, use: false });
  if (matches.some((match) => !match.visible)) {
    const entered = { ...enteredOf({ name: lead.name, ...client, email, phone }), ...about };
    return sendForReview(tx, actor, matches, { leadId: lead.id, entered });
  }
  const same = sameClient(matches, client === undefined);
  if (same) return useClient(tx, actor, lead, input, same.id);
  return newClient(tx, actor, lead, { ...client, email, phone }, about);
}

/** An equal PAN or account id is the same client; an equal address alone may be somebody of the same house. */
function sameClient(matches: Match[], trustAddresses: boolean): Match | undefined {
  const certain = matches.filter(
    ({ matchedOn }) => trustAddresses || matchedOn === 'pan' || matchedOn === 'account'
  );
  if (certain.length < 2) return certain[0];
  throw new RuleViolation('This lead fits more than one who is known already. Please choose one', {
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
  entered: Partial<CreateClientInput>,
  about: About
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
    { leadId: lead.id, about }
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
  refuseArchived(client);
  const { id, number, name } = client;
  const chosen = { client: { id, number, name }, created: false, filled: [], warnings: [] };
  // Whose client it is decides on its facts; converting needs only to see it.
  if (!input.fillEmpty || !reaches(actor, 'clients.edit', client, 'book')) return chosen;
  const done = await fillClient(tx, actor, lead, input, client);
  return 'outcome' in done ? done : { ...chosen, ...done };
}
