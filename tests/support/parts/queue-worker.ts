import { openQueues } from '#lib/platform/jobs/queues.server.ts';
import { startWorkers } from '#lib/platform/jobs/work.server.ts';
import { getConfig } from '#lib/platform/config.ts';
import { effectHandlers } from '../queue-jobs.ts';

/** A worker process of its own, for the tests that kill one. Prints `ready`; its name is the first argument, the third how many may die of a job. */
const { databaseQueueUrl, redisUrl } = getConfig();
const [, , name = 'child', prefix = 'test', deaths = '20'] = process.argv;
const queues = openQueues({ databaseQueueUrl, redisUrl, prefix });
// Where a few deaths are enough, the job beside the deadly one would be given up with it.
const concurrency = Number(deaths) < 20 ? 1 : 2;
const tuning = { concurrency, lockDuration: 1_000, stalledInterval: 500, deaths: Number(deaths) };
startWorkers(queues, effectHandlers(name), { work: tuning, mail: tuning });
process.stdout.write('ready\n');
