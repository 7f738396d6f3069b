import { sql } from 'drizzle-orm';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { midnight } from './midnight.server.ts';

/** What an administrator must look after: counts, and the firm's yesterday (`2026-11-21`), since which runs are counted. */
export interface SystemHealth {
  people: number;
  mailParked: number;
  mailUnknown: number;
  mailWaiting: number;
  /** Failed for good. */
  deadJobs: number;
  failedRuns: number;
  failedSince: string;
}

/** Mail and jobs that did not get through, and runs since the firm's yesterday. */
export async function systemHealth(tx: Tx): Promise<SystemHealth | null> {
  const [row] = await tx.execute<SystemHealth & Record<string, unknown>>(sql`
    select (select count(*)::int from users where active) as people,
      (select count(*)::int from mail_outbox where state = 'parked') as "mailParked",
      (select count(*)::int from mail_outbox where state = 'unknown') as "mailUnknown",
      (select count(*)::int from mail_outbox where state = 'pending') as "mailWaiting",
      (select count(*)::int from dead_letters where coalesce(retried_at, discarded_at) is null) as "deadJobs",
      (select count(*)::int from job_runs where state = 'failed' and due_at >= ${midnight(-1)}) as "failedRuns",
      (select (now() at time zone f.time_zone)::date - 1 from firm_settings f)::text as "failedSince"`);
  return row ?? null;
}
