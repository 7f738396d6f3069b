import { and, eq, lt, lte, sql } from 'drizzle-orm';
import { LINK_TOKEN, tokenFor } from '#lib/platform/auth/links.server.ts';
import { getConfig } from '#lib/platform/config.ts';
import { asSystem, type Tx } from '#lib/platform/db/transactions.server.ts';
import { enqueue } from '#lib/platform/jobs/outbox.server.ts';
import { reach } from '#lib/platform/jobs/points.ts';
import { sendMailJob } from './jobs.server.ts';
import { messageIdOf } from './outbox.server.ts';
import { mailOutbox } from './schema.server.ts';
import { deliver, type Delivery } from './smtp.server.ts';

/** Refused for now this often, a mail is parked: with the waits below that is after about a day. */
export const MOST_ATTEMPTS = 16;

/** Longer than any delivery may take, so whoever was sending is gone. */
const ABANDONED_AFTER = sql`interval '5 minutes'`;

type Row = typeof mailOutbox.$inferSelect;

/**
 * Sends one mail of the outbox, if it is due and nobody else is sending it. Between claiming it and writing down
 * how it went no transaction is open; a crash in there leaves it `sending`, which becomes `unknown`.
 */
export async function sendMail(key: string): Promise<void> {
  const { smtpUrl, mailFrom } = getConfig();
  if (!smtpUrl) return;
  const mail = await claim(key);
  if (!mail) return;
  const whole = await withLink(mail);
  if (!whole) return remove(mail);
  reach('mail claimed');
  const { toAddress: to, subject, text, html, messageId } = whole;
  const delivery = await deliver(smtpUrl, { from: mailFrom, to, subject, text, html, messageId });
  reach('mail accepted');
  await settle(mail, delivery);
  reach('mail recorded');
}

/** Puts the one-time link in where the mail has one; null when that link is not wanted any more. */
async function withLink(mail: Row): Promise<Row | null> {
  if (!mail.text.includes(LINK_TOKEN)) return mail;
  const token = await tokenFor(mail.key);
  if (!token) return null;
  return {
    ...mail,
    text: mail.text.replaceAll(LINK_TOKEN, token),
    html: mail.html.replaceAll(LINK_TOKEN, token),
    // Each attempt brings another link, and a mailbox that drops what it has had would keep the one that is void.
    messageId: messageIdOf(`${mail.key}#${mail.attempts}`)
  };
}

async function remove({ id }: Row): Promise<void> {
  await asSystem((tx) =>
    tx.delete(mailOutbox).where(and(eq(mailOutbox.id, id), eq(mailOutbox.state, 'sending')))
  );
}

async function claim(key: string): Promise<Row | undefined> {
  const [mail] = await asSystem((tx) =>
    tx
      .update(mailOutbox)
      .set({ state: 'sending', sendingAt: sql`now()`, attempts: sql`${mailOutbox.attempts} + 1` })
      .where(
        and(
          eq(mailOutbox.key, key),
          eq(mailOutbox.state, 'pending'),
          lte(mailOutbox.nextAttemptAt, sql`now()`)
        )
      )
      .returning()
  );
  return mail;
}

async function settle(mail: Row, delivery: Delivery): Promise<void> {
  await asSystem(async (tx) => {
    const change = tx.update(mailOutbox);
    const mine = and(eq(mailOutbox.id, mail.id), eq(mailOutbox.state, 'sending'));
    if (delivery.outcome === 'sent') {
      await change.set({ state: 'sent', sentAt: sql`now()`, lastError: null }).where(mine);
      return;
    }
    const lastError = delivery.error;
    if (delivery.outcome === 'deferred' && mail.attempts < MOST_ATTEMPTS) {
      const nextAttemptAt = new Date(Date.now() + waitAfter(mail.attempts));
      await change.set({ state: 'pending', nextAttemptAt, lastError }).where(mine);
      await enqueue(tx, sendMailJob, { key: mail.key }, { runAt: nextAttemptAt });
      return;
    }
    await change.set({ state: delivery.outcome === 'unknown' ? 'unknown' : 'parked', lastError }).where(mine);
  });
}

/** Milliseconds until the next attempt: one minute, doubled up to two hours. */
export function waitAfter(attempts: number): number {
  return Math.min(60_000 * 2 ** (attempts - 1), 2 * 3_600_000);
}

/**
 * Looks after the outbox: what was being sent when its worker died becomes `unknown`, and due mail that no job
 * stands for any more (or that waited for a mail server to be configured) gets one.
 */
export async function sweepMail(): Promise<{ unknown: number; woken: number }> {
  const smtp = getConfig().smtpUrl !== null;
  return asSystem(async (tx) => {
    const abandoned = await tx
      .update(mailOutbox)
      .set({ state: 'unknown', lastError: 'The worker stopped while sending' })
      .where(and(eq(mailOutbox.state, 'sending'), lt(mailOutbox.sendingAt, sql`now() - ${ABANDONED_AFTER}`)))
      .returning({ id: mailOutbox.id });
    const waiting = smtp
      ? await tx
          .select({ key: mailOutbox.key })
          .from(mailOutbox)
          .where(
            and(
              eq(mailOutbox.state, 'pending'),
              lt(mailOutbox.nextAttemptAt, sql`now() - interval '1 minute'`)
            )
          )
          .orderBy(mailOutbox.nextAttemptAt)
          .limit(200)
      : [];
    for (const { key } of waiting) await enqueue(tx, sendMailJob, { key });
    return { unknown: abandoned.length, woken: waiting.length };
  });
}

/** Removes mail that was sent more than 400 days ago; what was not sent is kept. */
export async function forgetOldMail(tx: Tx): Promise<number> {
  const removed = await tx
    .delete(mailOutbox)
    .where(and(eq(mailOutbox.state, 'sent'), lt(mailOutbox.sentAt, sql`now() - interval '400 days'`)));
  return removed.count;
}
