import { ConfigError, getConfig } from '#lib/platform/config.ts';
import { asSystem, closeDatabase } from '#lib/platform/db/transactions.server.ts';
import { assertClockAgrees } from '#lib/platform/jobs/clock.server.ts';
import { enqueue } from '#lib/platform/jobs/outbox.server.ts';
import { openQueues } from '#lib/platform/jobs/queues.server.ts';
import { tickJob } from '#lib/platform/jobs/schedules.server.ts';
import { startWorkers, type Tuning } from '#lib/platform/jobs/work.server.ts';
import { log } from '#lib/platform/log.ts';
import { escalationHandler } from './escalation.ts';
import { mailHandlers } from './mail.ts';
import { notificationsHandler } from './notifications.ts';
import { recomputeHandler } from './recompute.ts';
import { REFRESH_CHANNEL, startRefresher } from './refresh.ts';
import { startRelay, type Pace } from './relay.ts';
import { scheduleHandlers } from './schedule.ts';

// Each job has exactly one handler in here; the process does not start otherwise.
export const handlers = [
  escalationHandler,
  notificationsHandler,
  recomputeHandler,
  ...mailHandlers,
  ...scheduleHandlers
];

// Connections to Postgres at most: 3 for the system, 3 for people (one a job), 1 that listens for new jobs, and with
// the queue in Postgres 1 to add and 2 for each of the two workers: 12.
const TUNING: Tuning = { work: { concurrency: 3 }, mail: { concurrency: 2 } };

/** Milliseconds that running jobs have to finish before they go back to the queue; all must be over within ten seconds. */
const GRACE = 6_000;
const LAST_MOMENT = 9_500;

async function start(tuning: Tuning, pace?: Pace): Promise<void> {
  const config = getConfig();
  await assertClockAgrees();
  const queues = openQueues(config);
  const workers = startWorkers(queues, handlers, tuning);
  // Redis may come later; a queue in Postgres is there or will never be.
  if (queues.backend === 'postgres') await workers.ready(10_000);
  const refresher = startRefresher();
  const relay = startRelay(queues, config.databaseSystemUrl, { [REFRESH_CHANNEL]: refresher.ring }, pace);
  // What fell due while nobody was running need not wait for the next minute.
  await asSystem((tx) => enqueue(tx, tickJob, {}));
  log.info({ queue: queues.backend, jobs: handlers.length }, 'workers started');
  const stop = async () => {
    setTimeout(() => process.exit(1), LAST_MOMENT).unref();
    await Promise.all([workers.stop(GRACE), relay.stop(), refresher.stop()]);
    await queues.close();
    await closeDatabase(1_000);
    log.info('workers stopped');
    process.exit();
  };
  onceTold(() => void stop());
}

function onceTold(stop: () => void): void {
  let told = false;
  const tell = () => {
    if (!told) stop();
    told = true;
  };
  process.on('SIGTERM', tell);
  process.on('SIGINT', tell);
}

/** Runs until the process is told to stop; a start that fails ends it with one line. */
export async function runWorkers(tuning = TUNING, pace?: Pace): Promise<void> {
  await start(tuning, pace).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : 'for a reason unknown';
    process.stderr.write(`The workers cannot start: ${reason}\n`);
    if (!(error instanceof ConfigError)) log.debug({ err: error }, 'workers cannot start');
    process.exit(1);
  });
}
