import { sql } from 'drizzle-orm';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { declaredJob, QUEUE_NAMES, type QueueName } from '#lib/platform/jobs/define.server.ts';

const SHOWN = 50;

/** What Postgres knows of the jobs of one queue. */
interface OutboxDepth {
  queue: QueueName;
  /** Not handed to the queue yet. */
  unrelayed: number;
  /** Due, and not done. */
  unfinished: number;
  /** Due later. */
  delayed: number;
  /** Failed at least once and to be tried again. */
  failing: number;
  /** Since when the oldest that is due waits. */
  oldest: Date | null;
}

interface CountRow extends Record<string, unknown> {
  job: string;
  unrelayed: number;
  unfinished: number;
  delayed: number;
  failing: number;
  oldest: string | null;
}

/** Jobs of the outbox that are not done, by queue. */
export async function outboxDepths(tx: Tx): Promise<OutboxDepth[]> {
  const rows = await tx.execute<CountRow>(sql`
    select job, count(*) filter (where relayed_at is null)::int as unrelayed,
      count(*) filter (where run_at <= now())::int as unfinished,
      count(*) filter (where run_at > now())::int as delayed,
      count(*) filter (where attempts > 0)::int as failing,
      min(run_at) filter (where run_at <= now()) as oldest
    from job_outbox where finished_at is null group by job`);
  return QUEUE_NAMES.map((queue) =>
    sumOf(
      queue,
      rows.filter(({ job }) => queueOf(job) === queue)
    )
  );
}

// A job of a newer version is listed with the firm's own.
const queueOf = (job: string): QueueName => declaredJob(job)?.queue ?? 'work';

function sumOf(queue: QueueName, rows: CountRow[]): OutboxDepth {
  const sum = (key: 'unrelayed' | 'unfinished' | 'delayed' | 'failing') =>
    rows.reduce((total, row) => total + row[key], 0);
  const oldest = rows.flatMap((row) => (row.oldest ? [new Date(row.oldest).getTime()] : []));
  return {
    queue,
    unrelayed: sum('unrelayed'),
    unfinished: sum('unfinished'),
    delayed: sum('delayed'),
    failing: sum('failing'),
    oldest: oldest.length > 0 ? new Date(Math.min(...oldest)) : null
  };
}

interface FailingJob extends Record<string, unknown> {
  id: number;
  job: string;
  payload: Record<string, unknown>;
  attempts: number;
  lastError: string | null;
  failedAt: Date;
}

/** Jobs that failed and will be tried again, the latest failure first. */
export async function listFailing(tx: Tx): Promise<(FailingJob & { mostAttempts: number })[]> {
  const rows = await tx.execute<FailingJob>(sql`
    select id::int as id, job, payload, attempts, last_error as "lastError", failed_at as "failedAt"
    from job_outbox where finished_at is null and attempts > 0
    order by failed_at desc limit ${SHOWN}`);
  return rows.map((row) => ({
    ...row,
    failedAt: new Date(row.failedAt),
    mostAttempts: declaredJob(row.job)?.attempts ?? row.attempts
  }));
}
