import { and, eq, isNotNull, isNull, sql } from 'drizzle-orm';
import { asSystem, type Tx } from '#lib/platform/db/transactions.server.ts';
import type { Job } from './define.server.ts';
import { reach } from './points.ts';
import { deadLetters, jobOutbox } from './schema.server.ts';

/** Postgres channel that wakes the relay when a transaction with jobs commits. */
export const JOBS_CHANNEL = 'rapport_jobs';

const BATCH = 200;

export interface OutboxJob {
  id: number;
  job: string;
  payload: Record<string, unknown>;
  runAt: Date;
  /** How often it failed so far. */
  attempts: number;
}

/**
 * Asks for a job in the caller's transaction: it runs once that commits, and never when it does not.
 * `runAt` puts it off; one that has passed is now, since nothing is late before it was asked for. Nothing is unique here: what must happen once is made so by the handler's own key.
 */
export async function enqueue<Payload>(
  tx: Tx,
  job: Job<Payload>,
  payload: Payload,
  options: { runAt?: Date } = {}
): Promise<void> {
  const checked = JSON.stringify(job.schema.parse(payload));
  const runAt = options.runAt?.toISOString() ?? null;
  await tx.execute(sql`
    with added as (
      insert into job_outbox (job, payload, run_at)
      values (${job.name}, ${checked}::jsonb, greatest(${runAt}::timestamptz, now()))
    )
    select pg_notify(${JOBS_CHANNEL}, '')`);
}

/** Takes the next jobs that no relay has taken yet; other relays get other rows. */
export function claimWaiting(jobs: string[]): Promise<OutboxJob[]> {
  return claim(jobs, sql`relayed_at is null`);
}

/**
 * Takes jobs that were handed over, or claimed by a relay that died, so many milliseconds ago and that are due as long
 * and not done: the queue may have lost them. Offering one twice is harmless.
 */
export function claimForgotten(jobs: string[], after: number): Promise<OutboxJob[]> {
  const limit = sql`now() - make_interval(secs => ${after / 1000})`;
  return claim(jobs, sql`relayed_at < ${limit} and run_at < ${limit}`);
}

async function claim(jobs: string[], which: ReturnType<typeof sql>): Promise<OutboxJob[]> {
  const claimed = await asSystem((tx) =>
    tx
      .update(jobOutbox)
      .set({ relayedAt: sql`now()` })
      .where(
        sql`${jobOutbox.id} in (
            select id from job_outbox
            where finished_at is null and ${which} and job in ${jobs}
            order by id limit ${BATCH} for update skip locked)`
      )
      .returning({
        id: jobOutbox.id,
        job: jobOutbox.job,
        payload: jobOutbox.payload,
        runAt: jobOutbox.runAt,
        attempts: jobOutbox.attempts
      })
  );
  if (claimed.length > 0) reach('outbox claimed');
  return claimed;
}

/** Every unfinished job waits to be handed over again: the queue that had them lost its memory, or is another one. */
export async function handOverAgain(): Promise<void> {
  await asSystem((tx) =>
    tx
      .update(jobOutbox)
      .set({ relayedAt: null })
      .where(and(isNull(jobOutbox.finishedAt), isNotNull(jobOutbox.relayedAt)))
  );
}

/** Undoes a claim whose jobs did not reach the queue. */
export async function unclaim(ids: number[]): Promise<void> {
  if (ids.length === 0) return;
  await asSystem((tx) =>
    tx
      .update(jobOutbox)
      .set({ relayedAt: null })
      .where(and(sql`${jobOutbox.id} in ${ids}`, isNull(jobOutbox.finishedAt)))
  );
}

/** Is the job still to be done? A second delivery of a finished one finds that it is not. */
export async function isOutstanding(id: number): Promise<boolean> {
  const rows = await asSystem(
    (tx) =>
      tx
        .select({ id: jobOutbox.id })
        .from(jobOutbox)
        .where(and(eq(jobOutbox.id, id), isNull(jobOutbox.finishedAt))),
    { readOnly: true }
  );
  return rows.length > 0;
}

/** Keeps what went wrong with a job that will be tried again. */
export async function noteFailure(id: number, lastError: string): Promise<void> {
  await asSystem((tx) =>
    tx
      .update(jobOutbox)
      .set({ attempts: sql`${jobOutbox.attempts} + 1`, failedAt: sql`now()`, lastError })
      .where(and(eq(jobOutbox.id, id), isNull(jobOutbox.finishedAt)))
  );
}

export async function finish(id: number): Promise<void> {
  await asSystem((tx) =>
    tx
      .update(jobOutbox)
      .set({ finishedAt: sql`now()` })
      .where(eq(jobOutbox.id, id))
  );
}

/** Keeps a job that failed for good as a dead letter; burying it twice keeps one. */
export async function bury(
  id: number,
  failure: { queue: string; error: string; attempts: number }
): Promise<void> {
  await asSystem(async (tx) => {
    const [buried] = await tx
      .update(jobOutbox)
      .set({ finishedAt: sql`now()` })
      .where(and(eq(jobOutbox.id, id), isNull(jobOutbox.finishedAt)))
      .returning({ job: jobOutbox.job, payload: jobOutbox.payload, attempts: jobOutbox.attempts });
    if (!buried) return;
    const attempts = Math.max(buried.attempts, failure.attempts);
    await tx.insert(deadLetters).values({ ...buried, ...failure, attempts });
  });
}
