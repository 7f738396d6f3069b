import { z } from 'zod';

/** What a notification can lead to. */
export const NOTIFICATION_SUBJECTS = [
  'lead',
  'client',
  'query',
  'request',
  'duplicate',
  'handover',
  /** Many promises in one message, which has a page of its own. */
  'promises'
] as const;
export type NotificationSubject = (typeof NOTIFICATION_SUBJECTS)[number];

/** Records that somebody can mute. */
export const MUTABLE = ['lead', 'client', 'query', 'request'] as const;
export type Mutable = (typeof MUTABLE)[number];

/** How a notification comes to somebody; the two by mail are in the app as well. */
export const DELIVERIES = ['app', 'mail', 'daily'] as const;

const PAGES: Record<NotificationSubject, string> = {
  lead: '/leads',
  client: '/clients',
  query: '/queries',
  request: '/requests',
  duplicate: '/duplicates',
  handover: '/handovers',
  promises: '/notifications'
};

interface Leading {
  id: number;
  subjectKind: string | null;
  subjectId: number | null;
}

/** The page a notification leads to, or null where it leads nowhere. */
export function pageOf({ id, subjectKind, subjectId }: Leading): string | null {
  if (subjectKind === null || !(subjectKind in PAGES)) return null;
  const page = PAGES[subjectKind as NotificationSubject];
  if (subjectKind === 'promises') return `${page}/${String(id)}`;
  return subjectId === null ? page : `${page}/${String(subjectId)}`;
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
