import { Redis as Client } from 'ioredis';
import postgres from 'postgres';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { clocksDue } from '#lib/clocks/jobs.server.ts';
import { asSystem, closeDatabase } from '#lib/platform/db/transactions.server.ts';
import { enqueue } from '#lib/platform/jobs/outbox.server.ts';
import { openQueues } from '#lib/platform/jobs/queues.server.ts';
import { runSchedule } from '#lib/platform/jobs/schedules.server.ts';
import { queueMail } from '#lib/platform/mail/outbox.server.ts';
import { environmentFor, useTestDatabase, type TestDatabase } from '../support/database.ts';
import {
  faultsOfEscalation,
  faultsOfMail,
  isSettled,
  letDue,
  makeSleepingClocks,
  unsettled,
  workAtNoon
} from '../support/drill-scene.ts';
import { drillWorkers, shortPatience } from '../support/drill-workers.ts';
import { makeFirm, type TestFirm } from '../support/firm.ts';
import { startRedis, type Redis } from '../support/redis.ts';
import { startSmtp, type TestSmtp } from '../support/smtp.ts';
import { until } from '../support/until.ts';

const full = process.env.RAPPORT_DRILL === 'full';
const CLOCKS = full ? 2_000 : 60;
const MAILS = full ? 1_000 : 60;
const FLUSHES = full ? 10 : 2;

let database: TestDatabase;
let superuser: postgres.Sql;
let firm: TestFirm;
let smtp: TestSmtp;
let redis: Redis | null;
const workers = drillWorkers(() => ({
  ...environmentFor(database),
  ...shortPatience,
  REDIS_URL: redis?.url ?? '',
  SMTP_URL: smtp.url
}));

beforeAll(async () => {
  [database, smtp, redis] = await Promise.all([useTestDatabase(), startSmtp(), startRedis()]);
  superuser = postgres(database.superuserUrl, { max: 1, onnotice: () => undefined });
  firm = await makeFirm();
  await workAtNoon(superuser);
  await makeSleepingClocks(superuser, firm, CLOCKS);
});

afterAll(async () => {
  await workers.end();
  await closeDatabase();
  await superuser?.end();
  await Promise.all([database?.drop(), smtp?.close(), redis?.stop()]);
});

/** Work of every kind, a part of it for a little later. */
async function ask(flush: number): Promise<void> {
  await letDue(superuser, CLOCKS / FLUSHES);
  await asSystem(async (tx) => {
    await enqueue(tx, clocksDue, {}, { runAt: new Date(Date.now() + 1_500) });
    for (const name of ['mail.sweep', 'digests.write', 'clocks.sweep'])
      await runSchedule(tx, name, firm.admin.userId);
    for (let n = 0; n < MAILS / FLUSHES; n += 1) {
      const key = `flush:${flush}:${n}`;
      await queueMail(tx, {
        key,
        to: 'a@b.example',
        userId: null,
        subject: key,
        text: 'x',
        html: 'x',
        kind: 'digest'
      });
    }
  });
}

const mailsSent = async () => (await superuser`select 1 from mail_outbox where state = 'sent'`).length;

test.runIf(inject('redisUrl') !== null)(
  'a Redis that is emptied in the middle of the work is filled again from Postgres',
  { timeout: 600_000 },
  async () => {
    const client = new Client(redis?.url ?? '');
    for (let n = 0; n < 2; n += 1) workers.start();
    await Promise.all(workers.running().map(workers.started));
    let longest = 0;
    for (let flush = 0; flush < FLUSHES; flush += 1) {
      const before = await mailsSent();
      await ask(flush);
      await until(async () => (await mailsSent()) > before, 60_000);
      await client.flushall();
      const emptied = performance.now();
      await until(() => isSettled(superuser), 120_000).catch(async () => {
        throw new Error(`Not done: ${JSON.stringify(await unsettled(superuser))}`);
      });
      await until(async () => (await ticks()) !== undefined, 120_000);
      longest = Math.max(longest, (performance.now() - emptied) / 1000);
    }
    client.disconnect();
    console.info(`Redis emptied ${FLUSHES} times; all work done ${longest.toFixed(1)} s later at most`);
    expect(longest).toBeLessThan(120);
    expect(await faultsOfEscalation(superuser)).toEqual({ notCarriedOut: 0, untold: 0, toldNotOnce: 0 });
    expect(await faultsOfMail(superuser, smtp.received)).toEqual({
      lost: 0,
      twice: 0,
      unasked: 0,
      inDoubt: 0
    });
    expect(await superuser`select 1 from dead_letters`).toHaveLength(0);
    expect(workers.running()).toHaveLength(2);
  }
);

/** When the queue ticks next. */
async function ticks(): Promise<number | undefined> {
  const queues = openQueues({ databaseQueueUrl: database.databaseQueueUrl, redisUrl: redis?.url ?? '' });
  try {
    return (await queues.queue('work').getJobScheduler('tick'))?.next;
  } finally {
    await queues.close();
  }
}
