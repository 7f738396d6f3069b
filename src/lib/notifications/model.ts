import { z } from 'zod';
import { CHOICES, NOTIFICATION_KIND_NAMES, type NotificationKind } from './kinds.ts';

/** What a notification can lead to; `promises` are many in one message, which has a page of its own. */
export type NotificationSubject = Mutable | 'duplicate' | 'handover' | 'promises';

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

/** The page of a record. */
export const recordPage = (kind: NotificationSubject, id: number): string => `${PAGES[kind]}/${id}`;

/** The page a notification leads to, or null where it leads nowhere. */
export function pageOf({ id, subjectKind, subjectId }: Leading): string | null {
  if (subjectKind === null || !(subjectKind in PAGES)) return null;
  const page = PAGES[subjectKind as NotificationSubject];
  if (subjectKind === 'promises') return `${page}/${String(id)}`;
  return subjectId === null ? page : `${page}/${String(subjectId)}`;
}

export const isMutable = (kind: string | null): kind is Mutable => MUTABLE.some((one) => one === kind);

const id = z.number().int().positive();
const kindName = z.enum(NOTIFICATION_KIND_NAMES as [NotificationKind, ...NotificationKind[]]);

export const listNotificationsInput = z.strictObject({
  filter: z.strictObject({ unread: z.boolean().optional(), kind: kindName.optional() }).optional(),
  cursor: z
    .string()
    .regex(/^\d{1,15}$/)
    .optional(),
  limit: z.number().int().min(1).max(100).optional()
});

export const notificationInput = z.strictObject({ id });
export const noInput = z.strictObject({});

/** A record of which somebody is told. */
export const aboutInput = z.strictObject({ kind: z.enum(MUTABLE), id });

/** Those named, those about a record, or all unread ones. */
export const markReadInput = z.strictObject({
  ids: z.array(id).max(200).optional(),
  about: aboutInput.optional()
});

const choice = z.enum(CHOICES).optional();

/** A choice for each kind; what is left out stays as it is. */
export const chooseInput = z.strictObject(
  Object.fromEntries(NOTIFICATION_KIND_NAMES.map((kind) => [kind, choice])) as Record<
    NotificationKind,
    typeof choice
  >
);
