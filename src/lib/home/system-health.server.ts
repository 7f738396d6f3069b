import { sql } from 'drizzle-orm';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { midnight } from './midnight.server.ts';

/** What an administrator must look after: mail and jobs that did not get through, runs since the firm's yesterday. */
export async function systemHealth(tx: Tx) {
  const [row] = await tx.execute<{
    people: number;
    mailParked: number;
    mailUnknown: number;
    mailWaiting: number;
    deadJobs: number;
    failedRuns: number;
    failedSince: string;
  }>(sql`
    select (select count(*)::int from users where active) as people,
      (select count(*)::int from mail_outbox where state = 'parked') as "mailParked",
      (select count(*)::int from mail_outbox where state = 'unknown') as "mailUnknown",
      (select count(*)::int from mail_outbox where state = 'pending') as "mailWaiting",
      (select count(*)::int from dead_letters where coalesce(retried_at, discarded_at) is null) as "deadJobs",
      (select count(*)::int from job_runs where state = 'failed' and due_at >= ${midnight(-1)}) as "failedRuns",
      (select (now() at time zone f.time_zone)::date - 1 from firm_settings f)::text as "failedSince"`);
  return row ?? null;
}
