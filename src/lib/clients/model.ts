import { z } from 'zod';
import { ATTENTION } from './attention.ts';
import { REVIEW_DUE } from './review-due.ts';

export const CLIENT_KINDS = ['individual', 'organisation'] as const;
export const LIFECYCLES = ['active', 'archived'] as const;
export const CONTACT_KINDS = ['email', 'phone', 'whatsapp'] as const;
/** What a list shows: those looked after now unless asked otherwise. */
export const SHOWN_LIFECYCLES = [...LIFECYCLES, 'all'] as const;
export const CLIENT_SORTS = [
  'name',
  'type',
  'rm',
  'lastContact',
  'openWork',
  'nextReview',
  'created'
] as const;
export const TIMELINE_KINDS = [
  'interaction',
  'note',
  'query',
  'request',
  'lead',
  'holding',
  'change'
] as const;
export const PAN_HOLDERS = ['self', 'guardian'] as const;

export type ClientKind = (typeof CLIENT_KINDS)[number];
export type Lifecycle = (typeof LIFECYCLES)[number];
export type ContactKind = (typeof CONTACT_KINDS)[number];
export type ClientSort = (typeof CLIENT_SORTS)[number];
export type TimelineKind = (typeof TIMELINE_KINDS)[number];

export const KIND_LABELS: Record<ClientKind, string> = {
  individual: 'Individual',
  organisation: 'Organisation'
};
export const LIFECYCLE_LABELS: Record<Lifecycle, string> = { active: 'Active', archived: 'Archived' };
export const CONTACT_KIND_LABELS: Record<ContactKind, string> = {
  email: 'E-mail',
  phone: 'Phone',
  whatsapp: 'WhatsApp'
};
export const TIMELINE_KIND_LABELS: Record<TimelineKind, string> = {
  interaction: 'Conversations',
  note: 'Notes',
  query: 'Queries',
  request: 'Requests',
  lead: 'Leads',
  holding: 'Holdings',
  change: 'Changes'
};

const id = z.number().int().positive();
const text = (most: number) => z.string().trim().max(most);
const optional = (most: number) => text(most).nullish();
const name = text(200).min(1, 'Please give a name');
/** `2026-11-21`, a date that exists. */
const date = z.iso.date();

const paging = {
  cursor: z.string().max(1000).optional(),
  limit: z.number().int().min(1).max(100).optional()
};

/** What can be said of a client's tax id; whether the PAN fits is a rule of `pan.ts`. */
const panFields = {
  pan: text(20).nullish(),
  panHolder: z.enum(PAN_HOLDERS).optional(),
  guardianName: optional(200),
  panExemptReason: optional(500)
};

const facts = {
  kind: z.enum(CLIENT_KINDS),
  name,
  organisation: optional(200),
  type: text(50).min(1),
  tier: optional(50),
  accountId: optional(50),
  language: optional(50),
  reviewEveryMonths: z.number().int().min(1).max(120).nullish(),
  nextReviewOn: date.nullish(),
  ...panFields
};

export const createClientInput = z.strictObject({
  ...facts,
  type: facts.type.optional(),
  email: optional(254),
  phone: optional(40),
  whatsapp: optional(40),
  city: optional(100),
  region: optional(100),
  country: optional(100),
  primaryRmId: id.nullish(),
  secondaryRmId: id.nullish(),
  /** Go on although a client the actor sees has the same e-mail or phone. */
  evenIfSimilar: z.boolean().optional()
});

/** Fields left out stay as they are; an empty text or null clears them. */
export const updateClientInput = z.strictObject({
  id,
  version: z.number().int().min(1),
  ...z.strictObject(facts).partial().shape
});

export const listClientsInput = z.strictObject({
  filter: z
    .strictObject({
      q: text(100).optional(),
      /** Primary or secondary point of contact. */
      rmId: id.optional(),
      /** The primary point of contact is the asker or one of his people. */
      people: z.boolean().optional(),
      type: text(50).optional(),
      tier: text(50).optional(),
      tag: text(50).optional(),
      language: text(50).optional(),
      /** The active ones when left out. */
      lifecycle: z.enum(SHOWN_LIFECYCLES).optional(),
      reviewDue: z.enum(REVIEW_DUE).optional(),
      attention: z.enum(ATTENTION).optional()
    })
    .optional(),
  sort: z
    .strictObject({ by: z.enum(CLIENT_SORTS), direction: z.enum(['asc', 'desc']).optional() })
    .optional(),
  ...paging
});

export const clientIdInput = z.strictObject({ id });
export const timelineInput = z.strictObject({
  clientId: id,
  kinds: z.array(z.enum(TIMELINE_KINDS)).max(TIMELINE_KINDS.length).optional(),
  ...paging
});
export const searchClientsInput = z.strictObject({
  q: text(100),
  /** Name and number of any client, to open a request for. */
  minimal: z.boolean().optional(),
  limit: z.number().int().min(1).max(50).optional()
});
/** What a half-filled form holds. Not the PAN: a question is part of an address, and addresses are logged. */
export const duplicatesInput = z.strictObject({
  name: text(200).optional(),
  email: text(254).optional(),
  phone: text(40).optional(),
  whatsapp: text(40).optional(),
  accountId: text(50).optional(),
  /** The client that is being edited: it is no duplicate of itself. */
  exceptId: id.optional()
});
export const panDuplicatesInput = z.strictObject({ pan: text(20), exceptId: id.optional() });

export const addContactPointInput = z.strictObject({
  clientId: id,
  kind: z.enum(CONTACT_KINDS),
  label: optional(50),
  value: text(254).min(1),
  primary: z.boolean().optional()
});
export const updateContactPointInput = z.strictObject({
  clientId: id,
  id,
  label: optional(50),
  value: text(254).min(1)
});
/** A contact point or an address of a client. */
export const partInput = z.strictObject({ clientId: id, id });

const addressFields = {
  label: optional(50),
  lines: optional(500),
  city: optional(100),
  region: optional(100),
  postalCode: optional(20),
  country: optional(100)
};
export const addAddressInput = z.strictObject({ clientId: id, ...addressFields });
export const updateAddressInput = z.strictObject({ clientId: id, id, ...addressFields });

export const addNoteInput = z.strictObject({ clientId: id, body: text(10_000).min(1) });

export type CreateClientInput = z.input<typeof createClientInput>;
export type UpdateClientInput = z.input<typeof updateClientInput>;
export type ListClientsInput = z.input<typeof listClientsInput>;
export type TimelineInput = z.input<typeof timelineInput>;
export type AddContactPointInput = z.input<typeof addContactPointInput>;
export type AddressInput = z.input<typeof addAddressInput>;
