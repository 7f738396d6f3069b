import { and, desc, eq, inArray, lt, sql } from 'drizzle-orm';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { NotFound, RuleViolation } from '#lib/platform/errors.ts';
import { enqueue } from '#lib/platform/jobs/outbox.server.ts';
import { sendMailJob } from './jobs.server.ts';
import { mailOutbox } from './schema.server.ts';
import type { MailState } from './states.ts';

const COUNTED = 1000;

interface Listing {
  filter?: { state?: MailState | undefined; kind?: string | undefined } | undefined;
  cursor?: string | undefined;
  limit?: number | undefined;
}

const line = {
  id: mailOutbox.id,
  toAddress: mailOutbox.toAddress,
  userId: mailOutbox.userId,
  subject: mailOutbox.subject,
  kind: mailOutbox.kind,
  state: mailOutbox.state,
  attempts: mailOutbox.attempts,
  lastError: mailOutbox.lastError,
  createdAt: mailOutbox.createdAt,
  nextAttemptAt: mailOutbox.nextAttemptAt,
  sentAt: mailOutbox.sentAt
};

/** Outgoing mail without its text, newest first, with the number of mails in each state. */
export async function listMail(tx: Tx, { filter = {}, cursor, limit = 50 }: Listing) {
  const wanted = and(
    filter.state ? eq(mailOutbox.state, filter.state) : undefined,
    filter.kind ? eq(mailOutbox.kind, filter.kind) : undefined
  );
  const rows = await tx
    .select(line)
    .from(mailOutbox)
    .where(and(wanted, cursor ? lt(mailOutbox.id, Number(cursor)) : undefined))
    .orderBy(desc(mailOutbox.id))
    .limit(limit + 1);
  const counted = tx
    .select({ id: mailOutbox.id })
    .from(mailOutbox)
    .where(wanted)
    .limit(COUNTED + 1)
    .as('counted');
  const [{ total } = { total: 0 }] = await tx.select({ total: sql<number>`count(*)::int` }).from(counted);
  const items = rows.slice(0, limit);
  return {
    items,
    nextCursor: rows.length > limit ? String(items.at(-1)?.id) : null,
    total,
    totalIsEstimate: total > COUNTED,
    attention: await countAttention(tx)
  };
}

/** Mails that a person has to look at: cut off on the way, or refused for good. */
async function countAttention(tx: Tx): Promise<{ unknown: number; parked: number }> {
  const [row] = await tx.execute<{ unknown: number; parked: number }>(sql`
    select count(*) filter (where state = 'unknown')::int as unknown, count(*) filter (where state = 'parked')::int as parked
    from mail_outbox where state in ('unknown', 'parked')`);
  return row ?? { unknown: 0, parked: 0 };
}

/** One mail with its text and HTML. Throws NotFound. */
export async function mailById(tx: Tx, id: number) {
  const [mail] = await tx.select().from(mailOutbox).where(eq(mailOutbox.id, id));
  if (!mail) throw new NotFound();
  return mail;
}

/** Sends a mail again that is `unknown` or `parked`, because somebody looked at it and said so. */
export async function sendMailAgain(tx: Tx, id: number): Promise<void> {
  const mail = await mailById(tx, id);
  const [changed] = await tx
    .update(mailOutbox)
    .set({ state: 'pending', attempts: 0, nextAttemptAt: sql`now()` })
    .where(and(eq(mailOutbox.id, id), inArray(mailOutbox.state, ['unknown', 'parked'])))
    .returning({ key: mailOutbox.key });
  if (!changed) throw new RuleViolation(`A mail that is ${mail.state} cannot be sent again`);
  await enqueue(tx, sendMailJob, { key: changed.key });
}
