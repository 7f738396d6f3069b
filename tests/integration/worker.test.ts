import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import postgres from 'postgres';
import { afterAll, afterEach, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import { z } from 'zod';
import { asSystem, closeDatabase } from '#lib/platform/db/transactions.server.ts';
import { defineJob } from '#lib/platform/jobs/define.server.ts';
import { openQueues } from '#lib/platform/jobs/queues.server.ts';
import { runSchedule } from '#lib/platform/jobs/schedules.server.ts';
import { handle, startWorkers } from '#lib/platform/jobs/work.server.ts';
import { queueMail } from '#lib/platform/mail/outbox.server.ts';
import { installDefaults } from '#lib/settings/defaults.server.ts';
import { environmentFor, useTestDatabase, type TestDatabase } from '../support/database.ts';
import { startSmtp, type TestSmtp } from '../support/smtp.ts';

const patience = { timeout: 30_000, interval: 50 };

let database: TestDatabase;
let admin: postgres.Sql;
let smtp: TestSmtp;
let processes: ChildProcess[] = [];

beforeAll(async () => {
  smtp = await startSmtp();
  database = await useTestDatabase();
  admin = postgres(database.superuserUrl, { max: 1, onnotice: () => undefined });
  await asSystem((tx) => installDefaults(tx));
});

afterEach(() => {
  for (const process of processes) process.kill('SIGKILL');
  processes = [];
});

afterAll(async () => {
  await closeDatabase();
  await admin?.end();
  await smtp?.close();
  await database?.drop();
});

interface Worker {
  child: ChildProcess;
  output: () => string;
}

function startWorker(env: Record<string, string> = {}): Worker {
  const child = spawn(process.execPath, ['workers/main.ts'], {
    env: {
      PATH: process.env.PATH,
      ...environmentFor(database),
      SMTP_URL: smtp.url,
      LOG_LEVEL: 'info',
      ...env
    },
    stdio: ['ignore', 'pipe', 'pipe']
  });
  processes.push(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (part: Buffer) => (output += part.toString()));
  return { child, output: () => output };
}

async function startedWorker(env: Record<string, string> = {}): Promise<Worker> {
  const worker = startWorker(env);
  await vi.waitFor(() => expect(worker.output()).toContain('workers started'), patience);
  return worker;
}

async function stopped({ child }: Worker): Promise<number> {
  child.kill('SIGTERM');
  return ((await once(child, 'exit')) as [number])[0];
}

/** Known on Linux only. */
function residentMegabytes({ pid }: ChildProcess): number {
  if (process.platform !== 'linux') return 0;
  const [, kilobytes] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) / 1024;
}

const connections = async () =>
  (
    await admin`select usename from pg_stat_activity where datname = ${database.name} and usename like 'rapport%'`
  ).length;

describe('two worker processes', () => {
  test('run a schedule once, send a mail once, and stop within ten seconds with their jobs handed back', async () => {
    await closeDatabase();
    const workers = await Promise.all([startedWorker(), startedWorker()]);
    await asSystem(async (tx) => {
      await runSchedule(tx, 'mail.sweep');
      const part = {
        to: 'a@b.example',
        userId: null,
        subject: 'Hello',
        text: 'Hello',
        html: '<p>Hello</p>',
        kind: 'digest'
      };
      for (let n = 0; n < 20; n += 1) await queueMail(tx, { ...part, key: `hello:${n}` });
    });
    await vi.waitFor(async () => {
      expect(await admin`select 1 from job_outbox where finished_at is null`).toHaveLength(0);
    }, patience);
    expect(smtp.received).toHaveLength(20);
    expect(await admin`select distinct state from mail_outbox`).toEqual([{ state: 'sent' }]);
    const manual =
      await admin`select 1 from job_runs where state = 'done' and schedule = 'mail.sweep' and did is null`;
    expect(manual.length).toBeGreaterThan(0);
    await closeDatabase();
    expect(await connections()).toBeLessThanOrEqual(2 * 12);

    for (const { child } of workers) expect(residentMegabytes(child)).toBeLessThan(200);

    const told = Date.now();
    const codes = await Promise.all(workers.map(stopped));
    expect(codes).toEqual([0, 0]);
    expect(Date.now() - told).toBeLessThan(10_000);
    expect(await connections()).toBe(0);
  });

  test('see at once what is due when they start', async () => {
    await admin`truncate job_runs`;
    await startedWorker();
    await vi.waitFor(async () => {
      const seen = await admin`select schedule from job_runs where did = 'Runs from now on'`;
      expect(seen.map(({ schedule }) => schedule as string)).toContain('housekeeping');
    }, patience);
  });
});

describe('a worker process on Redis', () => {
  test.runIf(inject('redisUrl'))('does its jobs and stops when told', async () => {
    await admin`truncate job_runs, job_outbox`;
    const worker = await startedWorker({ REDIS_URL: inject('redisUrl') ?? '' });
    await asSystem((tx) => runSchedule(tx, 'mail.sweep'));
    await vi.waitFor(async () => {
      expect(
        await admin`select 1 from job_runs where state = 'done' and schedule = 'mail.sweep' and did is null`
      ).not.toHaveLength(0);
    }, patience);
    expect(await stopped(worker)).toBe(0);
  });

  test('waits for one that is away, and stops in time all the same', async () => {
    const worker = await startedWorker({ REDIS_URL: 'redis://127.0.0.1:1' });
    await vi.waitFor(() => expect(worker.output()).toContain('did not reach the queue'), patience);
    const told = Date.now();
    await stopped(worker);
    expect(Date.now() - told).toBeLessThan(10_000);
    expect(await admin`select 1 from job_outbox where finished_at is null`).not.toHaveLength(0);
  });
});

test('a worker that cannot reach its database says so in one line', async () => {
  const worker = startWorker({ DATABASE_SYSTEM_URL: 'postgres://rapport_system@127.0.0.1:1/none' });
  const [code] = (await once(worker.child, 'exit')) as [number];
  expect(code).not.toBe(0);
  expect(worker.output().trim()).toMatch(/^The workers cannot start: .+$/);
});

describe('starting workers', () => {
  const orphan = defineJob('test.orphan', z.strictObject({}));
  const tuning = { work: { concurrency: 1 }, mail: { concurrency: 1 } };
  const start = (count: number) => {
    const queues = openQueues({ databaseQueueUrl: database.databaseQueueUrl, redisUrl: null });
    const nothing = () => Promise.resolve();
    const handlers = Array.from({ length: count }, () => handle(orphan, nothing));
    try {
      return startWorkers(queues, handlers, tuning);
    } finally {
      void queues.close();
    }
  };

  test('fails for a job without a handler', () => expect(() => start(0)).toThrow('no handler: '));
  test('fails for a job with two', () => expect(() => start(2)).toThrow('two handlers: test.orphan'));
  test('fails for a second job of the same name', () => {
    expect(() => defineJob('test.orphan', z.strictObject({}))).toThrow('declared twice');
  });
});
