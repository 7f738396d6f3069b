import { setTimeout } from 'node:timers/promises';
import { and, eq, isNotNull, isNull, lt, lte, sql } from 'drizzle-orm';
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

/** Mails that bring a one-time link. */
const LINK_KINDS = new Set(['invitation', 'reset']);

/** Longer than any delivery may take, so whoever was sending is gone. */
const ABANDONED_AFTER = sql`interval '5 minutes'`;

type Row = typeof mailOutbox.$inferSelect;

/**
 * Sends one mail of the outbox, if it is due and nobody else is sending it. Between claiming it and writing down
 * how it went no transaction is open; a crash in there leaves it `sending`, which `sweepMail` looks after.
 */
export async function sendMail(key: string): Promise<void> {
  const { smtpUrl, mailFrom } = getConfig();
  if (!smtpUrl) return;
  const mail = await claim(key);
  if (!mail) return;
  const whole = await withLink(mail);
  if (!whole) return remove(mail);
  reach('mail claimed');
  const { toAddress: to, subject, text, html, file, messageId } = whole;
  const message = { from: mailFrom, to, subject, text, html, file, messageId };
  const delivery = await deliver(smtpUrl, message, () => markHandedOver(mail));
  reach('mail accepted');
  await persist(() => settle(mail, delivery));
  reach('mail recorded');
}

/** From here on nobody can say that the server does not have it. Throws where the mail is not ours to send any more. */
async function markHandedOver({ id, attempts }: Row): Promise<void> {
  const ours = and(eq(mailOutbox.id, id), eq(mailOutbox.state, 'sending'), eq(mailOutbox.attempts, attempts));
  const marked = await asSystem((tx) =>
    tx
      .update(mailOutbox)
      .set({ handedOverAt: sql`now()` })
      .where(ours)
      .returning({ id: mailOutbox.id })
  );
  if (marked.length === 0) throw new Error('The mail was taken away while it was being sent');
  reach('mail handed over');
}

/** Tries for some ten seconds: how it went is known only here, and a database comes back. */
async function persist(work: () => Promise<void>): Promise<void> {
  for (let wait = 200; ; wait *= 2) {
    try {
      await work();
      return;
    } catch (error) {
      if (wait > 5_000) throw error;
      await setTimeout(wait);
    }
  }
}

/** Puts the one-time link in where the mail has one; null when that link is not wanted any more. */
async function withLink(mail: Row): Promise<Row | null> {
  // Anybody can write these words into what another mail tells of.
  if (!LINK_KINDS.has(mail.kind)) return mail;
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
      .set({
        ...{ state: 'sending', sendingAt: sql`now()`, handedOverAt: null },
        attempts: sql`${mailOutbox.attempts} + 1`
      })
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
 * Looks after the outbox: of what was being sent when its worker died, what the server may have becomes `unknown` and
 * the rest waits again; and due mail that no job stands for any more (or that waited for a mail server to be
 * configured) gets one.
 */
export async function sweepMail(): Promise<{ unknown: number; woken: number }> {
  const smtp = getConfig().smtpUrl !== null;
  return asSystem(async (tx) => {
    const unknown = await giveUpAbandoned(tx);
    const waiting = smtp ? await waitingMail(tx) : [];
    for (const { key } of waiting) await enqueue(tx, sendMailJob, { key });
    return { unknown, woken: waiting.length };
  });
}

async function giveUpAbandoned(tx: Tx): Promise<number> {
  const abandoned = and(
    eq(mailOutbox.state, 'sending'),
    lt(mailOutbox.sendingAt, sql`now() - ${ABANDONED_AFTER}`)
  );
  const rows = await tx
    .update(mailOutbox)
    .set({ state: 'unknown', lastError: 'The worker stopped while sending' })
    .where(and(abandoned, isNotNull(mailOutbox.handedOverAt)))
    .returning({ id: mailOutbox.id });
  // A minute ago, so that this very sweep wakes it.
  await tx
    .update(mailOutbox)
    .set({
      state: sql`case when ${mailOutbox.attempts} < ${MOST_ATTEMPTS} then 'pending' else 'parked' end`,
      nextAttemptAt: sql`now() - interval '61 seconds'`,
      lastError: 'The worker stopped before the mail server had anything of it'
    })
    .where(and(abandoned, isNull(mailOutbox.handedOverAt)));
  return rows.length;
}

const waitingMail = (tx: Tx) =>
  tx
    .select({ key: mailOutbox.key })
    .from(mailOutbox)
    .where(
      and(eq(mailOutbox.state, 'pending'), lt(mailOutbox.nextAttemptAt, sql`now() - interval '1 minute'`))
    )
    .orderBy(mailOutbox.nextAttemptAt)
    .limit(200);

/** Removes mail that was sent more than 400 days ago; what was not sent is kept. */
export async function forgetOldMail(tx: Tx): Promise<number> {
  const removed = await tx
    .delete(mailOutbox)
    .where(and(eq(mailOutbox.state, 'sent'), lt(mailOutbox.sentAt, sql`now() - interval '400 days'`)));
  return removed.count;
}
