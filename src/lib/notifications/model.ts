import { z } from 'zod';

/** What a notification can lead to. */
export const NOTIFICATION_SUBJECTS = [
  'lead',
  'client',
  'query',
  'request',
  'duplicate',
  'digest',
  'handover'
] as const;
export type NotificationSubject = (typeof NOTIFICATION_SUBJECTS)[number];

const PAGES: Record<NotificationSubject, string> = {
  lead: '/leads',
  client: '/clients',
  query: '/queries',
  request: '/requests',
  duplicate: '/duplicates',
  digest: '/notifications',
  handover: '/handovers'
};

/** The page a notification leads to, or null where it leads nowhere. */
export function pageOf(kind: string | null, id: number | null): string | null {
  if (kind === null || !(kind in PAGES)) return null;
  const page = PAGES[kind as NotificationSubject];
  return id === null || kind === 'digest' ? page : `${page}/${String(id)}`;
}

export const listNotificationsInput = z.strictObject({
  filter: z.strictObject({ unread: z.boolean().optional() }).optional(),
  cursor: z
    .string()
    .regex(/^\d{1,15}$/)
    .optional(),
  limit: z.number().int().min(1).max(100).optional()
});

export const markReadInput = z.strictObject({
  /** All unread ones when left out. */
  ids: z.array(z.number().int().positive()).max(200).optional()
});
