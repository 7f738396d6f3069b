import { z } from 'zod';
import { CHANNEL_LABELS, CHANNELS, DIRECTIONS, PURPOSES, type Channel, type Purpose } from './kinds.ts';

/** How a conversation of this channel is called when nothing else is said of it. */
const SUBJECTS: Record<Channel, string> = { ...CHANNEL_LABELS, in_person: 'Meeting' };

/** How far a clock that runs ahead may push a conversation into the future, in milliseconds. */
export const FUTURE_TOLERANCE = 5 * 60_000;

const id = z.number().int().positive();
const subject = z.string().trim().min(1, 'Please say in a few words what it was about').max(300);
const body = z.string().trim().max(20_000).nullish();
/** A year of three digits is a slip of the finger. */
const occurredAt = z.date().min(new Date('1970-01-01T00:00:00Z'), 'Please check the date');

/** What an interaction may refer to; all of the same client, but for the product. */
const links = {
  productId: id.nullish(),
  queryId: id.nullish(),
  requestId: id.nullish(),
  leadId: id.nullish()
};

export const logInteractionInput = z.strictObject({
  clientId: id,
  purpose: z.enum(PURPOSES).default('general'),
  channel: z.enum(CHANNELS),
  direction: z.enum(DIRECTIONS),
  subject,
  body,
  /** Now when left out. */
  occurredAt: occurredAt.nullish(),
  /** Nobody answered: no contact. */
  missed: z.boolean().optional(),
  ...links
});

/** Fields left out stay as they are; null clears. */
export const updateInteractionInput = z.strictObject({
  id,
  version: z.number().int().min(1),
  purpose: z.enum(PURPOSES).optional(),
  channel: z.enum(CHANNELS).optional(),
  direction: z.enum(DIRECTIONS).optional(),
  subject: subject.optional(),
  body,
  occurredAt: occurredAt.optional(),
  missed: z.boolean().optional(),
  ...links
});

export const interactionIdInput = z.strictObject({ id });
export const deleteInteractionInput = z.strictObject({ id, version: z.number().int().min(1).optional() });

/** The quick way: a contact in one line. */
export const logContactInput = z.strictObject({
  clientId: id,
  channel: z.enum(CHANNELS).exclude(['note']),
  direction: z.enum(['inbound', 'outbound']).optional(),
  /** What it was about; the channel's name when left out. */
  summary: z.string().trim().max(300).optional(),
  /** Now when left out. */
  occurredAt: occurredAt.nullish()
});

export const LINK_KINDS = ['query', 'request', 'lead'] as const;
export type LinkKind = (typeof LINK_KINDS)[number];

export const linkableInput = z.strictObject({
  clientId: id,
  kind: z.enum(LINK_KINDS),
  q: z.string().trim().max(100).optional()
});
export const logContextInput = z.strictObject({ clientId: id });

export const INTERACTION_SORTS = ['occurred'] as const;

export const listInteractionsInput = z.strictObject({
  filter: z
    .strictObject({
      clientId: id.optional(),
      /** Who of ours spoke. */
      userId: id.optional(),
      purpose: z.enum(PURPOSES).optional(),
      channel: z.enum(CHANNELS).optional(),
      direction: z.enum(DIRECTIONS).optional(),
      /** Words of the subject. */
      q: z.string().trim().max(100).optional(),
      from: z.date().optional(),
      /** Not included. */
      to: z.date().optional(),
      /** First and last day, in the firm's time zone. */
      fromDay: z.iso.date().optional(),
      toDay: z.iso.date().optional()
    })
    .optional(),
  /** The newest first when left out. */
  sort: z
    .strictObject({ by: z.enum(INTERACTION_SORTS), direction: z.enum(['asc', 'desc']).optional() })
    .optional(),
  cursor: z.string().max(300).optional(),
  limit: z.number().int().min(1).max(100).optional()
});

export type LogInteractionInput = z.input<typeof logInteractionInput>;
export type UpdateInteractionInput = z.input<typeof updateInteractionInput>;
export type LogContactInput = z.input<typeof logContactInput>;
export type LinkableInput = z.input<typeof linkableInput>;
export type ListInteractionsInput = z.input<typeof listInteractionsInput>;

interface Named {
  purpose?: Purpose | undefined;
  productId?: number | null | undefined;
  queryId?: number | null | undefined;
}

/** What this purpose needs and the form does not name yet; null when all is there. */
export function missingFor({
  purpose,
  productId,
  queryId
}: Named): { field: string; message: string } | null {
  if (purpose === 'new_business' && !productId)
    return { field: 'productId', message: 'New business names a product' };
  if (purpose === 'query_resolution' && !queryId)
    return { field: 'queryId', message: 'A query resolution names the query' };
  return null;
}

/** What a conversation is called that was logged in a hurry: the first line of what was said, else its channel. */
export function subjectFor(
  channel: Channel,
  { subject, body }: { subject?: string | null | undefined; body?: string | null | undefined }
): string {
  if (subject?.trim()) return subject.trim();
  const line = (body ?? '').trim().split('\n')[0]?.trim() ?? '';
  return line.length > 120 ? `${line.slice(0, 119).trimEnd()}…` : line || SUBJECTS[channel];
}
