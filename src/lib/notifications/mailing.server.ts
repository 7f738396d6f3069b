import { sql } from 'drizzle-orm';
import { idArray } from '#lib/platform/db/arrays.server.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { queueMail } from '#lib/platform/mail/outbox.server.ts';
import { layoutMail, type MailContent } from '#lib/platform/mail/layout.ts';
import { pageOf } from './model.ts';
import { notifications } from './schema.server.ts';

/** More than so many at once for one person come as one mail. */
const SINGLY = 5;
const BATCH = 2000;

/** A notification with what it takes to mail it. */
export interface Mailable {
  id: number;
  userId: number;
  key: string;
  kind: string;
  subjectKind: string | null;
  subjectId: number | null;
  title: string;
  body: string | null;
  reason: string;
  email: string | null;
}

/** Columns of a `Mailable`, of notifications `n` with the profiles `p` of whom they are for. */
export const mailableColumns = sql`n.id::int as id, n.user_id::int as "userId", n.key, n.kind,
  n.subject_kind as "subjectKind", n.subject_id::int as "subjectId", n.title, n.body, n.reason, p.email`;

/**
 * Puts everything that people want by mail at once into the outbox, as system, and notes it: each by itself, or all
 * that somebody has in one mail. Two at a time take different ones. `publicUrl` is where links lead. Returns how many
 * notifications were taken; 0 means that there are no more.
 */
export async function mailNotifications(tx: Tx, publicUrl: string): Promise<number> {
  const rows = await tx.execute<Mailable & Record<string, unknown>>(sql`
    select ${mailableColumns}
    from notifications n join users u on u.id = n.user_id left join user_profiles p on p.user_id = n.user_id and u.active
    where n.delivery = 'mail' and n.mailed_at is null
    order by n.user_id, n.id limit ${BATCH} for update of n skip locked`);
  if (rows.length === 0) return 0;
  await noteMailed(tx, rows);
  const perPerson = Map.groupBy(rows, ({ userId }) => userId);
  for (const theirs of perPerson.values()) {
    if (theirs.length > SINGLY) await mailTogether(tx, theirs, publicUrl);
    else for (const one of theirs) await mailOne(tx, one, publicUrl);
  }
  return rows.length;
}

export async function noteMailed(tx: Tx, rows: { id: number }[]): Promise<void> {
  await tx
    .update(notifications)
    .set({ mailedAt: sql`now()` })
    .where(sql`${notifications.id} = any (${idArray(rows.map(({ id }) => id))})`);
}

async function mailOne(tx: Tx, notification: Mailable, publicUrl: string): Promise<void> {
  const { key, userId, kind, title, body, reason } = notification;
  const [first, ...rows] = (body ?? '').split('\n');
  await send(tx, notification, `${key}:${userId}`, kind, {
    title,
    ...(rows.length > 0
      ? { sections: [{ rows: [first ?? '', ...rows].map((text) => ({ text })) }] }
      : { paragraphs: first ? [first] : [] }),
    link: { label: 'Open in Rapport', url: linkOf(notification, publicUrl) },
    footer: footerOf(publicUrl, reason)
  });
}

async function mailTogether(tx: Tx, theirs: Mailable[], publicUrl: string): Promise<void> {
  const [first] = theirs;
  if (!first) return;
  const last = theirs.at(-1) ?? first;
  await send(tx, first, `notifications:${first.id}-${last.id}:${first.userId}`, 'notifications', {
    title: `${theirs.length} notifications`,
    sections: [{ rows: rowsOf(theirs, publicUrl) }],
    link: { label: 'Open all in Rapport', url: new URL('/notifications', publicUrl).href },
    footer: footerOf(publicUrl, 'You chose to get these by mail at once; many came together.')
  });
}

async function send(
  tx: Tx,
  { userId, email }: Pick<Mailable, 'userId' | 'email'>,
  key: string,
  kind: string,
  content: MailContent
): Promise<void> {
  if (email === null) return;
  await queueMail(tx, { key, userId, to: email, subject: content.title, kind, ...layoutMail(content) });
}

/** Each notification as a line that leads to its record and says why it came. */
export const rowsOf = (theirs: Mailable[], publicUrl: string) =>
  theirs.map((each) => ({ text: each.title, note: each.reason, url: linkOf(each, publicUrl) }));

const linkOf = (notification: Mailable, publicUrl: string) =>
  new URL(pageOf(notification) ?? '/notifications', publicUrl).href;

/** Why it came, and where to change that. */
export const footerOf = (publicUrl: string, reason: string): string =>
  `${reason} Choose how you are told under ${new URL('/me/notifications', publicUrl).href}`;
