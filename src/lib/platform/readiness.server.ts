import { sql } from 'drizzle-orm';
import { asSystem, type Tx } from '#lib/platform/db/transactions.server.ts';
import { ownQueues } from '#lib/platform/jobs/own-queues.server.ts';
import { log } from '#lib/platform/log.ts';
import journal from '../../../drizzle/meta/_journal.json' with { type: 'json' };

const QUEUE_TIMEOUT_MS = 2000;

async function migrated(tx: Tx): Promise<boolean> {
  const [row] = await tx.execute<{ applied: number }>(
    sql`select count(*) as applied from drizzle.__drizzle_migrations`
  );
  return (row?.applied ?? 0) >= journal.entries.length;
}

async function succeeds(part: string, work: () => Promise<unknown>): Promise<boolean> {
  try {
    return (await work()) !== false;
  } catch (error) {
    log.warn({ part, err: error }, 'not ready');
    return false;
  }
}

/** Can this process do its work: is the database there and migrated, and does the queue answer? */
export async function readiness(): Promise<{ database: boolean; migrations: boolean; queue: boolean }> {
  const queue = () => ownQueues().reachable(QUEUE_TIMEOUT_MS);
  const [database, migrations, queueAnswers] = await Promise.all([
    succeeds('database', () => asSystem((tx) => tx.execute(sql`select 1`), { readOnly: true })),
    succeeds('migrations', () => asSystem(migrated, { readOnly: true })),
    succeeds('queue', queue)
  ]);
  return { database, migrations, queue: queueAnswers };
}
