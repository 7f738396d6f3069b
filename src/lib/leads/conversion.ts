import { plainAmount, type LeadMode } from './model.ts';

export interface LeadToConvert {
  version: number;
  name: string;
  organisation: string | null;
  email: string | null;
  phone: string | null;
  mode: LeadMode | null;
  product: { id: number; name: string } | null;
  /** Known before it is converted when a portfolio review of the client opened it. */
  client: { id: number; name: string; number: string } | null;
  expectedValue: string | null;
  currency: string;
}

/** A client that the lead may be. */
export interface ClientMatch {
  id: number;
  number: string;
  name: string;
  matchedOn: 'pan' | 'account' | 'email' | 'phone' | 'name';
}

export interface ConversionData {
  matches: readonly ClientMatch[];
  /** For pages without JavaScript, where nobody can search. */
  clients: readonly { id: number; name: string; number: string }[];
  products: readonly { id: number; name: string; sku: string | null }[];
  types: readonly { key: string; label: string }[];
}

export const WHY: Record<ClientMatch['matchedOn'] | 'lead', string> = {
  lead: 'had the review that opened this lead',
  pan: 'has the same PAN',
  account: 'has the same account id',
  email: 'has the same e-mail address',
  phone: 'has the same phone number',
  name: 'is spelled alike'
};

const CHANNEL_OF: Record<LeadMode, string> = { call: 'call', mail: 'email', whatsapp: 'whatsapp' };

/** The choices that people make by looking: the lead's own client first, where it has one. */
export const offeredOf = ({ client }: Pick<LeadToConvert, 'client'>, matches: readonly ClientMatch[]) =>
  client
    ? [{ ...client, why: WHY.lead }, ...withWhy(matches.filter(({ id }) => id !== client.id))]
    : withWhy(matches);

const withWhy = (matches: readonly ClientMatch[]) =>
  matches.map((match) => ({ ...match, why: WHY[match.matchedOn] }));

function choiceOf({ client }: LeadToConvert, matches: readonly ClientMatch[]): string {
  if (client) return String(client.id);
  return matches.some(({ matchedOn }) => matchedOn !== 'name') ? '' : 'new';
}

/**
 * What the form starts with: the client whose review opened the lead. Else, where a client has the same address or
 * number, a person must choose.
 */
export function startOf(lead: LeadToConvert, matches: readonly ClientMatch[], today: string) {
  return {
    choice: choiceOf(lead, matches),
    fillEmpty: true,
    kind: 'individual',
    name: lead.name,
    organisation: lead.organisation,
    email: lead.email,
    phone: lead.phone,
    productId: lead.product?.id,
    amount: plainAmount(lead.expectedValue),
    startedOn: today,
    channel: lead.mode ? CHANNEL_OF[lead.mode] : 'in_person'
  };
}

/** What converting answered, as the page tells it. */
export type Conversion =
  | { outcome: 'sent_for_review' }
  | {
      outcome: 'converted';
      client: { id: number; name: string; number: string };
      created: boolean;
      filled: string[];
      warnings: string[];
    };
