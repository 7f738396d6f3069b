import { plainAmount, type LeadMode } from './model.ts';

export interface LeadToConvert {
  version: number;
  name: string;
  organisation: string | null;
  email: string | null;
  phone: string | null;
  mode: LeadMode | null;
  product: { id: number; name: string } | null;
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

export const WHY: Record<ClientMatch['matchedOn'], string> = {
  pan: 'has the same PAN',
  account: 'has the same account id',
  email: 'has the same e-mail address',
  phone: 'has the same phone number',
  name: 'is spelled alike'
};

const CHANNEL_OF: Record<LeadMode, string> = { call: 'call', mail: 'email', whatsapp: 'whatsapp' };

/** What the form starts with. Where a client has the same address or number, a person must choose. */
export function startOf(lead: LeadToConvert, matches: readonly ClientMatch[], today: string) {
  return {
    choice: matches.some(({ matchedOn }) => matchedOn !== 'name') ? '' : 'new',
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
