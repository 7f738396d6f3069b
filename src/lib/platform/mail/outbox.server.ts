import { createHash } from 'node:crypto';
import { getConfig } from '#lib/platform/config.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { enqueue } from '#lib/platform/jobs/outbox.server.ts';
import { reach } from '#lib/platform/jobs/points.ts';
import { sendMailJob } from './jobs.server.ts';
import { mailOutbox } from './schema.server.ts';
import type { MailFile } from './states.ts';

export interface Mail {
  /** What the mail is about, once for ever: `digest:2026-11-20:7`. A second mail with this key is not sent. */
  key: string;
  /** The person it is for, who may read it in the app; null for an address without an account. */
  userId: number | null;
  to: string;
  subject: string;
  text: string;
  html: string;
  file?: MailFile | null;
  /** `digest`, `invitation` …: for the list under Administration. */
  kind: string;
}

/** Puts a mail into the outbox in the caller's transaction; a worker sends it afterwards. */
export async function queueMail(tx: Tx, mail: Mail): Promise<void> {
  const { key, userId, to, subject, text, html, file, kind } = mail;
  const row = { key, userId, toAddress: to, subject, text, html, file, kind, messageId: messageIdOf(key) };
  // Without a conflict target: naming one asks for the right to read the other row.
  await tx.insert(mailOutbox).values(row).onConflictDoNothing();
  await enqueue(tx, sendMailJob, { key });
  reach('mail queued');
}

/** The same for every attempt, so that a mail that did arrive twice is recognised as one. */
export function messageIdOf(key: string): string {
  const domain = /@([^\s>]+)/.exec(getConfig().mailFrom)?.[1] ?? 'localhost';
  return `<${createHash('sha256').update(key).digest('hex').slice(0, 40)}@${domain}>`;
}
