import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { Redis as Client } from 'ioredis';
import postgres from 'postgres';
import { afterAll, afterEach, beforeAll, beforeEach, inject } from 'vitest';
import { asSystem, closeDatabase } from '#lib/platform/db/transactions.server.ts';
import type { Job } from '#lib/platform/jobs/define.server.ts';
import { enqueue } from '#lib/platform/jobs/outbox.server.ts';
import { openQueues, type Queues } from '#lib/platform/jobs/queues.server.ts';
import { startWorkers, type RunningWorkers } from '#lib/platform/jobs/work.server.ts';
import { environmentFor, useTestDatabase, type TestDatabase } from './database.ts';
import { effectHandlers } from './queue-jobs.ts';
import { startRedis, type Redis } from './redis.ts';

export const patience = { timeout: 30_000, interval: 50 };

const tuning = { concurrency: 2, lockDuration: 1_000, stalledInterval: 500 };

let database: TestDatabase;
let admin: postgres.Sql;
/** Of our own, since a test cuts its connections. */
let redis: Redis | null;

/** A database with the table that handlers leave their effects in, and a Redis, for one test file. */
export function useQueueServices(): { database: () => TestDatabase; admin: () => postgres.Sql } {
  beforeAll(async () => {
    [database, redis] = await Promise.all([useTestDatabase(), startRedis()]);
    admin = postgres(database.superuserUrl, { max: 1, onnotice: () => undefined });
    await admin`create table effects
      (key text primary key, worker text not null, deliveries int not null default 1)`;
    await admin`grant all on effects to rapport_system`;
  });

  beforeEach(() => admin`truncate effects, job_outbox, dead_letters`);

  afterAll(async () => {
    await closeDatabase();
    await admin?.end();
    await Promise.all([database?.drop(), redis?.stop()]);
  });

  return { database: () => database, admin: () => admin };
}

interface Effect {
  key: string;
  worker: string;
  deliveries: number;
}

/** Queues and workers on one back end, all closed after each test. Needs `useQueueServices` in the same file. */
export function useQueueRig(backend: 'postgres' | 'redis') {
  let prefix = '';
  let opened: Queues[] = [];
  let running: RunningWorkers[] = [];
  let children: ChildProcess[] = [];
  const redisUrl = () => (backend === 'redis' && redis ? redis.url : null);

  const rig = {
    available: backend === 'postgres' || inject('redisUrl') !== null,

    open: () => {
      const queues = openQueues({ ...database, redisUrl: redisUrl(), prefix });
      opened.push(queues);
      return queues;
    },

    startWorker: (name: string) => {
      const workers = startWorkers(rig.open(), effectHandlers(name), { work: tuning, mail: tuning });
      running.push(workers);
      return workers;
    },

    /** A worker in a process of its own, which gives a job up that so many workers died of. */
    startChild: async (name: string, deaths = 20) => {
      const child = spawn(
        process.execPath,
        ['tests/support/parts/queue-worker.ts', name, prefix, `${deaths}`],
        {
          env: { ...process.env, ...environmentFor(database), REDIS_URL: redisUrl() ?? '' },
          stdio: ['ignore', 'pipe', 'inherit']
        }
      );
      children.push(child);
      await once(child.stdout, 'data');
      return child;
    },

    kill: async (child: ChildProcess) => {
      child.kill('SIGKILL');
      await once(child, 'exit');
    },

    ask: (job: Job<{ key: string }>, key: string, runAt?: Date) =>
      asSystem((tx) => enqueue(tx, job, { key }, runAt ? { runAt } : {})),

    effects: async () =>
      [...(await admin<Effect[]>`select key, worker, deliveries from effects order by key`)] as Effect[],

    keys: async () => (await rig.effects()).map(({ key }) => key),

    unfinished: async () => (await admin`select id from job_outbox where finished_at is null`).length,

    /** The queue loses its memory; Postgres keeps its own. */
    forgetEverything: async () => {
      prefix = `test-${crypto.randomUUID()}`;
      await admin`delete from queue.job`;
      await admin`delete from queue.scheduler`;
    },

    cutConnections: async () => {
      if (backend === 'postgres') {
        await admin`select pg_terminate_backend(pid) from pg_stat_activity
          where datname = ${database.name} and usename = 'rapport_queue'`;
        return;
      }
      const client = new Client(redisUrl() ?? '');
      await client.call('CLIENT', 'KILL', 'SKIPME', 'yes');
      client.disconnect();
    }
  };

  beforeEach(() => rig.forgetEverything());

  afterEach(async () => {
    for (const child of children) child.kill('SIGKILL');
    await Promise.all(running.map((workers) => workers.stop(0)));
    await Promise.all(opened.map((queues) => queues.close()));
    opened = [];
    running = [];
    children = [];
  });

  return rig;
}
