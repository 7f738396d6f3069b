import { z } from 'zod';

export const PURPOSES = ['new_business', 'query_resolution', 'portfolio_review', 'general'] as const;
export const CHANNELS = ['in_person', 'call', 'email', 'video', 'whatsapp', 'sms', 'note'] as const;
export const DIRECTIONS = ['inbound', 'outbound', 'internal'] as const;

export type Purpose = (typeof PURPOSES)[number];
export type Channel = (typeof CHANNELS)[number];
export type Direction = (typeof DIRECTIONS)[number];

export const PURPOSE_LABELS: Record<Purpose, string> = {
  new_business: 'New business',
  query_resolution: 'Query resolution',
  portfolio_review: 'Portfolio review',
  general: 'General'
};
export const CHANNEL_LABELS: Record<Channel, string> = {
  in_person: 'In person',
  call: 'Call',
  email: 'E-mail',
  video: 'Video',
  whatsapp: 'WhatsApp',
  sms: 'SMS',
  note: 'Note'
};
export const DIRECTION_LABELS: Record<Direction, string> = {
  inbound: 'Inbound',
  outbound: 'Outbound',
  internal: 'Internal'
};

/** How far a clock that runs ahead may push a conversation into the future, in milliseconds. */
export const FUTURE_TOLERANCE = 5 * 60_000;

const id = z.number().int().positive();

export const logInteractionInput = z.strictObject({
  clientId: id,
  purpose: z.enum(PURPOSES).default('general'),
  channel: z.enum(CHANNELS),
  direction: z.enum(DIRECTIONS),
  subject: z.string().trim().min(1, 'Please say in a few words what it was about').max(300),
  body: z.string().trim().max(20_000).nullish(),
  /** Now when left out. */
  occurredAt: z.date().nullish(),
  /** Nobody answered: no contact. */
  missed: z.boolean().optional(),
  productId: id.nullish(),
  queryId: id.nullish(),
  requestId: id.nullish(),
  leadId: id.nullish()
});

export const listInteractionsInput = z.strictObject({
  filter: z
    .strictObject({
      clientId: id.optional(),
      /** Who of ours spoke. */
      userId: id.optional(),
      purpose: z.enum(PURPOSES).optional(),
      channel: z.enum(CHANNELS).optional(),
      from: z.date().optional(),
      /** Not included. */
      to: z.date().optional()
    })
    .optional(),
  cursor: z.string().max(300).optional(),
  limit: z.number().int().min(1).max(100).optional()
});

export type LogInteractionInput = z.input<typeof logInteractionInput>;
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
