import { and, desc, eq, isNull, lt, sql, type SQL } from 'drizzle-orm';
import { NotFound } from '#lib/platform/errors.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { nextOccurrence } from './cadence.ts';
import { JOBS_CHANNEL } from './outbox.server.ts';
import { deadLetters, jobRuns } from './schema.server.ts';
import type { TimetableEntry } from './schedules.server.ts';

const COUNTED = 1000;

const run = {
  id: jobRuns.id,
  schedule: jobRuns.schedule,
  dueAt: jobRuns.dueAt,
  startedAt: jobRuns.startedAt,
  finishedAt: jobRuns.finishedAt,
  state: jobRuns.state,
  attempt: jobRuns.attempt,
  did: jobRuns.did,
  error: jobRuns.error
};

/** Each schedule with its last run, its next one and how often it failed for good in the last seven days. */
export async function listSchedules(tx: Tx, timetable: Record<string, TimetableEntry>, timeZone: string) {
  const last = await tx
    .selectDistinctOn([jobRuns.schedule], run)
    .from(jobRuns)
    .orderBy(jobRuns.schedule, desc(jobRuns.dueAt));
  const failures = await tx
    .select({ schedule: jobRuns.schedule, count: sql<number>`count(*)::int` })
    .from(jobRuns)
    .where(and(eq(jobRuns.state, 'failed'), sql`${jobRuns.dueAt} > now() - interval '7 days'`))
    .groupBy(jobRuns.schedule);
  return Object.entries(timetable).map(([name, { title, cadence }]) => ({
    name,
    title,
    cadence,
    lastRun: last.find(({ schedule }) => schedule === name) ?? null,
    nextRunAt: nextOccurrence(cadence, timeZone, new Date()),
    failedLately: failures.find(({ schedule }) => schedule === name)?.count ?? 0
  }));
}

interface RunListing {
  filter?: { schedule?: string | undefined; state?: 'running' | 'done' | 'failed' | undefined } | undefined;
  cursor?: string | undefined;
  limit?: number | undefined;
}

/** The history of runs, newest first. */
export async function listRuns(tx: Tx, { filter = {}, cursor, limit = 50 }: RunListing) {
  const wanted = and(
    filter.schedule ? eq(jobRuns.schedule, filter.schedule) : undefined,
    filter.state ? eq(jobRuns.state, filter.state) : undefined
  );
  const rows = await tx
    .select(run)
    .from(jobRuns)
    .where(and(wanted, cursor ? lt(jobRuns.id, Number(cursor)) : undefined))
    .orderBy(desc(jobRuns.id))
    .limit(limit + 1);
  const items = rows.slice(0, limit);
  const total = await countRuns(tx, wanted);
  return {
    items,
    nextCursor: rows.length > limit ? String(items.at(-1)?.id) : null,
    total,
    totalIsEstimate: total > COUNTED
  };
}

async function countRuns(tx: Tx, wanted: SQL | undefined): Promise<number> {
  const counted = tx
    .select({ id: jobRuns.id })
    .from(jobRuns)
    .where(wanted)
    .limit(COUNTED + 1)
    .as('counted');
  const [row] = await tx.select({ total: sql<number>`count(*)::int` }).from(counted);
  return row?.total ?? 0;
}

/** Jobs as Postgres knows them: due and unfinished, put off, and due for more than five minutes. */
export async function jobCounts(tx: Tx): Promise<{ waiting: number; delayed: number; overdue: number }> {
  const [counts] = await tx.execute<{ waiting: number; delayed: number; overdue: number }>(sql`
    select count(*) filter (where run_at <= now())::int as waiting,
      count(*) filter (where run_at > now())::int as delayed,
      count(*) filter (where run_at < now() - interval '5 minutes')::int as overdue
    from job_outbox where finished_at is null`);
  return counts ?? { waiting: 0, delayed: 0, overdue: 0 };
}

/** Jobs that failed for good and that nobody has retried, newest first. */
export function listDeadLetters(tx: Tx, limit = 50) {
  return tx
    .select()
    .from(deadLetters)
    .where(isNull(deadLetters.retriedAt))
    .orderBy(desc(deadLetters.id))
    .limit(limit);
}

/** Puts a dead letter's job into the outbox once more. Throws NotFound where it is gone or was retried. */
export async function retryDeadLetter(tx: Tx, id: number): Promise<void> {
  const [letter] = await tx
    .update(deadLetters)
    .set({ retriedAt: sql`now()` })
    .where(and(eq(deadLetters.id, id), isNull(deadLetters.retriedAt)))
    .returning({ job: deadLetters.job, payload: deadLetters.payload });
  if (!letter) throw new NotFound();
  const payload = JSON.stringify(letter.payload);
  await tx.execute(sql`
    with added as (insert into job_outbox (job, payload) values (${letter.job}, ${payload}::jsonb))
    select pg_notify(${JOBS_CHANNEL}, '')`);
}
