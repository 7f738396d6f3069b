import { and, desc, eq, isNull, sql } from 'drizzle-orm';
import type { PgUpdateSetSource } from 'drizzle-orm/pg-core';
import { NotFound } from '#lib/platform/errors.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { JOBS_CHANNEL } from './outbox.server.ts';
import { deadLetters } from './schema.server.ts';

const unsettled = and(isNull(deadLetters.retriedAt), isNull(deadLetters.discardedAt));

/** Jobs that failed for good and that nobody has retried or discarded, newest first. */
export function listDeadLetters(tx: Tx, limit = 50) {
  return tx.select().from(deadLetters).where(unsettled).orderBy(desc(deadLetters.id)).limit(limit);
}

/** Puts a dead letter's job into the outbox once more. Throws NotFound where it is gone or was settled already. */
export async function retryDeadLetter(tx: Tx, id: number, personId: number): Promise<void> {
  const letter = await settle(tx, id, { retriedAt: sql`now()`, settledById: personId });
  const payload = JSON.stringify(letter.payload);
  await tx.execute(sql`
    with added as (insert into job_outbox (job, payload) values (${letter.job}, ${payload}::jsonb))
    select pg_notify(${JOBS_CHANNEL}, '')`);
}

/** Gives a dead letter up: its job is not done. Throws NotFound where it is gone or was settled already. */
export async function discardDeadLetter(tx: Tx, id: number, personId: number): Promise<void> {
  await settle(tx, id, { discardedAt: sql`now()`, settledById: personId });
}

async function settle(tx: Tx, id: number, how: PgUpdateSetSource<typeof deadLetters>) {
  const [letter] = await tx
    .update(deadLetters)
    .set(how)
    .where(and(eq(deadLetters.id, id), unsettled))
    .returning({ job: deadLetters.job, payload: deadLetters.payload });
  if (!letter) throw new NotFound();
  return letter;
}
