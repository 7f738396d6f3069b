import { and, eq, inArray, lt, sql } from 'drizzle-orm';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { deadLetters, jobOutbox, jobRuns } from './schema.server.ts';

const before = (interval: string) => sql`now() - ${interval}::interval`;

/**
 * Removes what nobody asks for any more: finished jobs after a week, runs of `frequent` schedules after two days and
 * of the others after 400, settled dead letters after 90. The last run of a schedule stays: the next is counted from it.
 */
export async function forgetOldJobs(tx: Tx, frequent: string[]): Promise<number> {
  const jobs = await tx.delete(jobOutbox).where(lt(jobOutbox.finishedAt, before('7 days')));
  const last = sql`${jobRuns.id} in (select distinct on (schedule) id from job_runs order by schedule, due_at desc)`;
  const old = sql`${jobRuns.dueAt} < case when ${inArray(jobRuns.schedule, frequent)} then ${before('2 days')} else ${before('400 days')} end`;
  const runs = await tx.delete(jobRuns).where(and(old, sql`not ${last}`));
  const letters = await tx
    .delete(deadLetters)
    .where(sql`coalesce(${deadLetters.retriedAt}, ${deadLetters.discardedAt}) < ${before('90 days')}`);
  return jobs.count + runs.count + letters.count;
}

/** Calls runs failed that began more than a day ago and never came to an end. */
export async function closeAbandonedRuns(tx: Tx): Promise<number> {
  const closed = await tx
    .update(jobRuns)
    .set({ state: 'failed', error: 'It did not come to an end', finishedAt: sql`now()` })
    .where(and(eq(jobRuns.state, 'running'), lt(jobRuns.startedAt, before('1 day'))));
  return closed.count;
}
