import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { Redis as Client } from 'ioredis';
import postgres from 'postgres';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test, vi } from 'vitest';
import { asSystem, closeDatabase } from '#lib/platform/db/transactions.server.ts';
import type { Job } from '#lib/platform/jobs/define.server.ts';
import { enqueue } from '#lib/platform/jobs/outbox.server.ts';
import { openQueues, type Queues } from '#lib/platform/jobs/queues.server.ts';
import { ensureTick } from '#lib/platform/jobs/tick.server.ts';
import { relayForgotten, relayWaiting } from '#lib/platform/jobs/relay.server.ts';
import { startWorkers, type RunningWorkers } from '#lib/platform/jobs/work.server.ts';
import { environmentFor, useTestDatabase, type TestDatabase } from '../support/database.ts';
import { effectHandlers, effectJob, failingJob, flakyJob, leave, slowJob } from '../support/queue-jobs.ts';
import { startRedis, type Redis } from '../support/redis.ts';

const tuning = { concurrency: 2, lockDuration: 1_000, stalledInterval: 500 };
const patience = { timeout: 30_000, interval: 50 };

let database: TestDatabase;
let admin: postgres.Sql;
/** Of our own, since a test cuts its connections. */
let redis: Redis | null;

beforeAll(async () => {
  [database, redis] = await Promise.all([useTestDatabase(), startRedis()]);
  admin = postgres(database.superuserUrl, { max: 1, onnotice: () => undefined });
  await admin`create table effects (key text primary key, worker text not null, deliveries int not null default 1)`;
  await admin`grant all on effects to rapport_system`;
});

afterAll(async () => {
  await closeDatabase();
  await admin?.end();
  await Promise.all([database?.drop(), redis?.stop()]);
});

describe.each(['postgres', 'redis'] as const)('the queue on %s', (backend) => {
  const available = backend === 'postgres' || inject('redisUrl') !== null;
  const redisUrl = () => (backend === 'redis' && redis ? redis.url : null);
  let prefix = '';
  let opened: Queues[] = [];
  let running: RunningWorkers[] = [];
  let children: ChildProcess[] = [];

  const open = () => {
    const queues = openQueues({
      databaseQueueUrl: database.databaseQueueUrl,
      redisUrl: redisUrl(),
      prefix
    });
    opened.push(queues);
    return queues;
  };

  const startWorker = (name: string) => {
    const workers = startWorkers(open(), effectHandlers(name), { work: tuning, mail: tuning });
    running.push(workers);
    return workers;
  };

  const startChild = async (name: string) => {
    const child = spawn(process.execPath, ['tests/support/parts/queue-worker.ts', name, prefix], {
      env: {
        ...process.env,
        ...environmentFor(database),
        REDIS_URL: redisUrl() ?? ''
      },
      stdio: ['ignore', 'pipe', 'inherit']
    });
    children.push(child);
    await once(child.stdout, 'data');
    return child;
  };

  const ask = (job: Job<{ key: string }>, key: string, runAt?: Date) =>
    asSystem((tx) => enqueue(tx, job, { key }, runAt ? { runAt } : {}));

  const cutConnections = async () => {
    if (backend === 'postgres') {
      await admin`select pg_terminate_backend(pid) from pg_stat_activity
        where datname = ${database.name} and usename = 'rapport_queue'`;
      return;
    }
    const client = new Client(redisUrl() ?? '');
    await client.client('KILL', 'SKIPME', 'yes');
    client.disconnect();
  };

  const effects = async () =>
    (await admin`select key, worker, deliveries from effects order by key`) as unknown as {
      key: string;
      worker: string;
      deliveries: number;
    }[];
  const keys = async () => (await effects()).map((effect) => effect.key);
  const unfinished = async () => (await admin`select id from job_outbox where finished_at is null`).length;

  beforeEach(async () => {
    prefix = `test-${crypto.randomUUID()}`;
    await admin`truncate effects, job_outbox, dead_letters`;
    await admin`delete from queue.job`;
    await admin`delete from queue.scheduler`;
  });

  afterEach(async () => {
    for (const child of children) child.kill('SIGKILL');
    await Promise.all(running.map((workers) => workers.stop(0)));
    await Promise.all(opened.map((queues) => queues.close()));
    opened = [];
    running = [];
    children = [];
  });

  test.runIf(available)(
    'delivers a job once its transaction has committed, and never when it has not',
    async () => {
      startWorker('a');
      const failed = asSystem(async (tx) => {
        await enqueue(tx, effectJob, { key: 'rolled back' });
        throw new Error('changed my mind');
      });
      await expect(failed).rejects.toThrow('changed my mind');
      await ask(effectJob, 'committed');
      await relayWaiting(open());
      await vi.waitFor(async () => expect(await unfinished()).toBe(0), patience);
      expect(await keys()).toEqual(['committed']);
    }
  );

  test.runIf(available)('refuses a payload that does not fit', async () => {
    await expect(ask(effectJob, 7 as unknown as string)).rejects.toThrow();
    expect(await unfinished()).toBe(0);
  });

  test.runIf(available)('delivers a delayed job when it is due, not before', async () => {
    startWorker('a');
    const due = Date.now() + 1_500;
    await ask(effectJob, 'later', new Date(due));
    await ask(effectJob, 'now');
    await relayWaiting(open());
    await vi.waitFor(async () => expect(await keys()).toContain('now'), patience);
    expect(Date.now()).toBeLessThan(due);
    expect(await keys()).not.toContain('later');
    await vi.waitFor(async () => expect(await keys()).toContain('later'), patience);
    expect(Date.now()).toBeGreaterThanOrEqual(due);
  });

  test.runIf(available)('tries a failed job again', async () => {
    startWorker('a');
    await ask(flakyJob, 'second time lucky');
    await relayWaiting(open());
    await vi.waitFor(async () => expect(await keys()).toEqual(['second time lucky']), patience);
  });

  test.runIf(available)('keeps a dead letter after the last attempt', async () => {
    startWorker('a');
    await ask(failingJob, 'hopeless');
    await relayWaiting(open());
    await vi.waitFor(async () => expect(await admin`select 1 from dead_letters`).toHaveLength(1), patience);
    const [letter] = await admin`select queue, job, payload, error, attempts, retried_at from dead_letters`;
    expect(letter).toEqual({
      queue: 'work',
      job: 'test.failing',
      payload: { key: 'hopeless' },
      error: 'There is no such printer',
      attempts: 2,
      retried_at: null
    });
    expect(await keys()).toEqual(['hopeless:1', 'hopeless:2']);
    expect(await unfinished()).toBe(0);
  });

  test.runIf(available)('gives a job whose worker was killed to another, with one effect', async () => {
    const victim = await startChild('victim');
    await ask(slowJob, 'survivor');
    await relayWaiting(open());
    await vi.waitFor(async () => expect(await keys()).toEqual(['started:survivor']), patience);
    victim.kill('SIGKILL');
    await once(victim, 'exit');
    await leave('gate:survivor', 'test');
    startWorker('heir');
    await vi.waitFor(async () => expect(await keys()).toContain('survivor'), patience);
    await vi.waitFor(async () => expect(await unfinished()).toBe(0), patience);
    expect((await effects()).find(({ key }) => key === 'survivor')).toMatchObject({
      worker: 'heir',
      deliveries: 1
    });
  });

  test.runIf(available)('survives more kills than the library allows by default', async () => {
    await ask(slowJob, 'tough');
    await relayWaiting(open());
    for (const name of ['first', 'second', 'third']) {
      const victim = await startChild(name);
      await vi.waitFor(async () => {
        const [started] = await admin`select deliveries from effects where key = 'started:tough'`;
        expect(started?.deliveries).toBe(['first', 'second', 'third'].indexOf(name) + 1);
      }, patience);
      victim.kill('SIGKILL');
      await once(victim, 'exit');
    }
    await leave('gate:tough', 'test');
    startWorker('heir');
    await vi.waitFor(async () => expect(await keys()).toContain('tough'), patience);
    expect(await admin`select 1 from dead_letters`).toHaveLength(0);
  });

  test.runIf(available)('delivers nothing twice when two relays hand over the same jobs', async () => {
    await asSystem(async (tx) => {
      for (let n = 0; n < 50; n += 1) await enqueue(tx, effectJob, { key: `job ${n}` });
    });
    const [one, other] = [open(), open()];
    const relayed = await Promise.all([relayWaiting(one), relayWaiting(other)]);
    expect(relayed[0] + relayed[1]).toBe(50);
    await relayForgotten(one, 0);
    startWorker('a');
    await vi.waitFor(async () => expect(await unfinished()).toBe(0), patience);
    const left = await effects();
    expect(left).toHaveLength(50);
    expect(left.every(({ deliveries }) => deliveries === 1)).toBe(true);
  });

  test.runIf(available)('skips a job that was delivered again after it was done', async () => {
    startWorker('a');
    await ask(effectJob, 'once');
    await relayWaiting(open());
    await vi.waitFor(async () => expect(await unfinished()).toBe(0), patience);
    const [row] = await admin`select id from job_outbox`;
    const queue = open().queue('work');
    const again = { outboxId: Number(row?.id), payload: { key: 'once' } };
    await queue.add('test.effect', again, { jobId: 'again', removeOnComplete: true });
    await ask(effectJob, 'after it');
    await relayWaiting(open());
    await vi.waitFor(async () => expect(await keys()).toContain('after it'), patience);
    expect((await effects()).find(({ key }) => key === 'once')?.deliveries).toBe(1);
  });

  test.runIf(available)('shares the work between two workers', async () => {
    startWorker('a');
    startWorker('b');
    for (let n = 0; n < 4; n += 1) await ask(slowJob, `part ${n}`);
    await relayWaiting(open());
    await vi.waitFor(async () => {
      const started = (await effects()).filter(({ key }) => key.startsWith('started:'));
      expect(started.filter(({ worker }) => worker === 'a')).toHaveLength(2);
      expect(started.filter(({ worker }) => worker === 'b')).toHaveLength(2);
    }, patience);
    for (let n = 0; n < 4; n += 1) await leave(`gate:part ${n}`, 'test');
    await vi.waitFor(async () => expect(await unfinished()).toBe(0), patience);
  });

  test.runIf(available)(
    'lets running jobs finish when it stops, and gives back what takes too long',
    async () => {
      const stopping = startWorker('a');
      await ask(slowJob, 'quick enough');
      await ask(slowJob, 'too long');
      await relayWaiting(open());
      await vi.waitFor(async () => expect(await keys()).toHaveLength(2), patience);
      const stopped = stopping.stop(1_000);
      await leave('gate:quick enough', 'test');
      await stopped;
      expect(await keys()).toContain('quick enough');
      const counts = await open().queue('work').getJobCounts('waiting', 'active');
      expect(counts).toEqual({ waiting: 1, active: 0 });
      await leave('gate:too long', 'test');
      startWorker('b');
      await vi.waitFor(async () => expect(await keys()).toContain('too long'), patience);
    }
  );

  test.runIf(available)('offers again what a queue with a lost memory forgot', async () => {
    await ask(effectJob, 'forgotten');
    const lost = open();
    await relayWaiting(lost);
    prefix = `test-${crypto.randomUUID()}`;
    await admin`delete from queue.job`;
    startWorker('a');
    expect(await relayWaiting(open())).toBe(0);
    await admin`update job_outbox set relayed_at = now() - interval '1 hour', run_at = now() - interval '1 hour'`;
    expect(await relayForgotten(open())).toBe(1);
    await vi.waitFor(async () => expect(await keys()).toEqual(['forgotten']), patience);
  });

  test.runIf(available)('goes on after all its connections were cut', async () => {
    startWorker('a');
    const queues = open();
    await ask(effectJob, 'before');
    await relayWaiting(queues);
    await vi.waitFor(async () => expect(await keys()).toEqual(['before']), patience);
    await cutConnections();
    await vi.waitFor(async () => {
      if ((await unfinished()) === 0) await ask(effectJob, 'after');
      await relayWaiting(queues);
    }, patience);
    await vi.waitFor(async () => expect(await keys()).toContain('after'), patience);
  });

  test.runIf(available)('makes one tick for two workers', async () => {
    startWorker('a');
    startWorker('b');
    const [one, other] = [open(), open()];
    const tick = { name: 'test.effect', data: { outboxId: null, payload: { key: 'tick' } } };
    await Promise.all([one, other].map((queues) => ensureTick(queues, tick, '*/2 * * * * *')));
    const first = Date.now();
    const ticks = async () => (await effects())[0]?.deliveries ?? 0;
    await vi.waitFor(async () => expect(await ticks()).toBe(3), patience);
    expect(Date.now() - first).toBeGreaterThan(3_000);
  });
});

describe('a queue that cannot be reached', () => {
  test('is there once it can be reached', async () => {
    const { databaseQueueUrl } = database;
    await admin`revoke connect on database ${admin(database.name)} from rapport_queue`;
    const queues = openQueues({ databaseQueueUrl, redisUrl: null });
    await expect(queues.reachable(5_000)).rejects.toThrow();
    await admin`grant connect on database ${admin(database.name)} to rapport_queue`;
    await expect(queues.reachable(5_000)).resolves.toBeUndefined();
    await queues.close();
  });

  test('keeps the job in the outbox, says so, and delivers it later', async () => {
    await admin`truncate effects, job_outbox, dead_letters`;
    const away = openQueues({ databaseQueueUrl: database.databaseQueueUrl, redisUrl: 'redis://127.0.0.1:1' });
    await asSystem((tx) => enqueue(tx, effectJob, { key: 'patient' }));
    await expect(relayWaiting(away)).rejects.toThrow('did not reach the queue');
    await expect(away.reachable(500)).rejects.toThrow();
    await away.close();
    const back = openQueues({ databaseQueueUrl: database.databaseQueueUrl, redisUrl: null });
    expect(await relayWaiting(back)).toBe(1);
    await back.close();
  });
});
