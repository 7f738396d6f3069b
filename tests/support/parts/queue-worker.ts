import { openQueues } from '#lib/platform/jobs/queues.server.ts';
import { startWorkers } from '#lib/platform/jobs/work.server.ts';
import { getConfig } from '#lib/platform/config.ts';
import { effectHandlers } from '../queue-jobs.ts';

/** A worker process of its own, for the tests that kill one. Prints `ready`; its name is the first argument. */
const { databaseQueueUrl, redisUrl } = getConfig();
const [, , name = 'child', prefix = 'test'] = process.argv;
const queues = openQueues({ databaseQueueUrl, redisUrl, prefix });
const tuning = { concurrency: 2, lockDuration: 1_000, stalledInterval: 500 };
startWorkers(queues, effectHandlers(name), { work: tuning, mail: tuning });
process.stdout.write('ready\n');
