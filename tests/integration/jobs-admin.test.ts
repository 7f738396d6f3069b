import postgres from 'postgres';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { lateness, schedulerState } from '#lib/admin/lateness.server.ts';
import { clocksDue } from '#lib/clocks/jobs.server.ts';
import { enqueue } from '#lib/platform/jobs/outbox.server.ts';
import { closeOwnQueues } from '#lib/platform/jobs/own-queues.server.ts';
import { performRun, type Schedule } from '#lib/platform/jobs/schedules.server.ts';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import { asActor, asSystem, closeDatabase } from '#lib/platform/db/transactions.server.ts';
import { createCaller } from '#lib/platform/trpc/caller.server.ts';
import { useTestDatabase, type TestDatabase } from '../support/database.ts';
import { makeFirm, type TestFirm } from '../support/firm.ts';
import { mintClient } from '../support/records.ts';

let database: TestDatabase;
let admin: postgres.Sql;
let firm: TestFirm;

beforeAll(async () => {
  database = await useTestDatabase();
  admin = postgres(database.superuserUrl, { max: 1, onnotice: () => undefined });
  firm = await makeFirm();
});

afterAll(async () => {
  await closeOwnQueues();
  await closeDatabase();
  await admin?.end();
  await database?.drop();
});

beforeEach(() => admin`truncate job_runs, job_outbox, dead_letters, clocks cascade`);

const apiAs = (actor: Actor) =>
  createCaller({
    requestId: crypto.randomUUID(),
    actor,
    session: { id: 'x', hash: 'x', expiresAt: new Date(Date.now() + 60_000), mustChangePassword: false },
    address: '192.0.2.1',
    userAgent: 'test',
    cookie: { set: () => undefined, clear: () => undefined },
    rateKey: null
  });
const jobs = () => apiAs(firm.admin).admin.jobs;
const late = () => asActor(firm.admin, lateness, { readOnly: true });
const kinds = async () => (await late()).map(({ kind }) => kind);

/** Runs of the escalation, a minute apart, the last one minute ago: `w` did something, `.` found nothing, `f` failed. */
async function ranLike(pattern: string): Promise<void> {
  for (const [index, letter] of [...pattern].entries()) {
    await admin`insert into job_runs (schedule, due_at, started_at, finished_at, state, did, error)
      select 'clocks.sweep', at, at, at + interval '2 seconds', ${letter === 'f' ? 'failed' : 'done'},
        ${letter === 'w' ? '3 clocks' : null}, ${letter === 'f' ? 'No paper' : null}
      from (select date_trunc('minute', now()) - ${pattern.length - index} * interval '1 minute' as at) moment`;
  }
}

async function startContactClock(): Promise<void> {
  const clientId = await mintClient({ primaryRmId: firm.rm.userId });
  await admin`insert into clocks (subject_kind, subject_id, client_id, target, policy_version_id, calendar_id, started_at)
    select 'client', ${clientId}, ${clientId}, 'contact', id, calendar_id, now() from policy_versions order by id limit 1`;
}

describe('the history of runs', () => {
  test('shows what did something, and folds what found nothing to do with a count and since when', async () => {
    await ranLike('..w....f...');
    const { items, total, nextCursor } = await jobs().runs({});
    expect(items.map(({ runs, did, state }) => [runs, did, state])).toEqual([
      [3, null, 'done'],
      [1, null, 'failed'],
      [4, null, 'done'],
      [1, '3 clocks', 'done'],
      [2, null, 'done']
    ]);
    expect([total, nextCursor]).toEqual([5, null]);
    const [last] = items;
    expect((last?.dueAt.getTime() ?? 0) - (last?.since.getTime() ?? 0)).toBe(2 * 60_000);
  });

  test('comes page by page, and every run by itself when asked', async () => {
    await ranLike('..w....f...');
    const first = await jobs().runs({ limit: 2 });
    const second = await jobs().runs({ limit: 2, cursor: first.nextCursor ?? '' });
    const third = await jobs().runs({ limit: 2, cursor: second.nextCursor ?? '' });
    expect([first, second, third].map(({ items }) => items.map(({ runs }) => runs))).toEqual([
      [3, 1],
      [4, 1],
      [2]
    ]);
    expect((await jobs().runs({ every: true })).items).toHaveLength(11);
    expect((await jobs().runs({ filter: { state: 'failed' } })).items).toMatchObject([{ error: 'No paper' }]);
  });

  test('folds each schedule by itself', async () => {
    await ranLike('...');
    await admin`insert into job_runs (schedule, due_at, state) select 'mail.sweep', due_at, 'done' from job_runs`;
    const { items } = await jobs().runs({});
    expect(items.map(({ schedule, runs }) => [schedule, runs])).toEqual([
      ['mail.sweep', 3],
      ['clocks.sweep', 3]
    ]);
  });

  test('keeps a run that somebody asked for by itself, with his name', async () => {
    await ranLike('.');
    await jobs().run({ name: 'clocks.sweep' });
    expect((await jobs().list()).items.find(({ name }) => name === 'clocks.sweep')?.askedBy).toBe(
      'Asha Admin'
    );
    const [asked] = await admin`select payload from job_outbox`;
    const { dueAt, askedById } = asked?.payload as { dueAt: string; askedById: number };
    const nothing: Schedule = {
      name: 'clocks.sweep',
      title: 'Escalation',
      cadence: 'minute',
      run: () => Promise.resolve(null)
    };
    const context = { signal: new AbortController().signal, lastAttempt: false };
    await performRun(nothing, new Date(dueAt), 'UTC', context, askedById);
    const { items } = await jobs().runs({});
    expect(items.map(({ runs, askedBy }) => [runs, askedBy])).toEqual([
      [1, 'Asha Admin'],
      [1, null]
    ]);
  });

  test('names for each schedule the last run and the last that did something', async () => {
    await ranLike('w..');
    const sweep = (await jobs().list()).items.find(({ name }) => name === 'clocks.sweep');
    expect(sweep).toMatchObject({ lastRun: { did: null }, lastWork: { did: '3 clocks' } });
    expect(sweep?.nextRunAt.getTime()).toBeGreaterThan(Date.now());
  });
});

describe('queues', () => {
  test('are counted in the outbox and asked themselves', async () => {
    await admin`insert into job_outbox (job, payload, run_at, relayed_at, attempts, failed_at, last_error) values
      ('clocks.due', '{}', now() - interval '3 minutes', null, 0, null, null),
      ('clocks.due', '{}', now() + interval '1 hour', now(), 0, null, null),
      ('mail.send', '{}', now() - interval '1 minute', now(), 2, now(), 'Database error 57P01')`;
    const { outbox, failing } = await jobs().list();
    expect(outbox).toMatchObject([
      { queue: 'work', unrelayed: 1, unfinished: 1, delayed: 1, failing: 0 },
      { queue: 'mail', unrelayed: 0, unfinished: 1, delayed: 0, failing: 1 }
    ]);
    expect(Date.now() - (outbox[0]?.oldest?.getTime() ?? 0)).toBeGreaterThan(2 * 60_000);
    expect(failing).toMatchObject([
      { job: 'mail.send', attempts: 2, mostAttempts: 12, lastError: 'Database error 57P01' }
    ]);
    expect(await jobs().queues()).toEqual([
      { queue: 'work', waiting: 0, active: 0, delayed: 0, failed: 0 },
      { queue: 'mail', waiting: 0, active: 0, delayed: 0, failed: 0 }
    ]);
  });

  test('give a dead letter up once, and keep who did', async () => {
    const [letter] = await admin`insert into dead_letters (queue, job, payload, error, attempts)
      values ('work', 'schedules.tick', '{}', 'x', 3) returning id`;
    const id = Number(letter?.id);
    await jobs().discard({ id });
    expect((await jobs().list()).deadLetters).toEqual([]);
    expect(
      await admin`select settled_by_id::int as by, discarded_at is not null as discarded from dead_letters`
    ).toEqual([{ by: firm.admin.userId, discarded: true }]);
    await expect(jobs().retry({ id })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(jobs().discard({ id })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await admin`select 1 from job_outbox`).toHaveLength(0);
  });
});

describe('what is late', () => {
  test('is nothing where all is well, and nothing where nothing ever ran', async () => {
    expect(await late()).toEqual([]);
    await ranLike('...');
    await admin`insert into job_outbox (job, payload, run_at) values ('clocks.due', '{}', now() + interval '1 hour')`;
    expect(await late()).toEqual([]);
    expect(await schedulerState()).toEqual({ scheduler: 'on time' });
  });

  test('is a scheduler that does not tick, with since when', async () => {
    await admin`insert into job_runs (schedule, due_at, state)
      values ('mail.sweep', date_trunc('minute', now()) - interval '20 minutes', 'done'),
        ('clocks.sweep', now(), 'done')`;
    const [tick] = await late();
    expect(tick?.kind).toBe('tick');
    expect(Date.now() - (tick?.since.getTime() ?? 0)).toBeGreaterThan(18 * 60_000);
    expect(await schedulerState()).toMatchObject({ scheduler: 'late', late: [{ kind: 'tick' }] });
  });

  test('is a run without an end, a job not handed over, and one not done', async () => {
    await admin`insert into job_runs (schedule, due_at, started_at, state)
      values ('housekeeping', now(), now() - interval '1 hour', 'running')`;
    expect(await kinds()).toEqual(['run']);
    await admin`insert into job_outbox (job, payload, run_at, created_at)
      values ('clocks.due', '{}', now() - interval '3 minutes', now() - interval '3 minutes')`;
    expect(await kinds()).toEqual(['run', 'handover']);
    await admin`update job_outbox set relayed_at = now(), run_at = now() - interval '10 minutes'`;
    expect(await kinds()).toEqual(['run', 'job']);
  });

  test('is not a job that failed and waits for its next attempt', async () => {
    await admin`insert into job_outbox (job, payload, run_at, relayed_at, attempts)
      values ('clocks.due', '{}', now() - interval '10 minutes', now(), 4)`;
    expect(await late()).toEqual([]);
  });

  test('is not a job that was asked for just now and should have been done long ago', async () => {
    const runAt = new Date(Date.now() - 150 * 86_400_000);
    await asSystem((tx) => enqueue(tx, clocksDue, {}, { runAt }));
    expect(await late()).toEqual([]);
    await admin`update job_outbox set relayed_at = now(), created_at = created_at - interval '10 minutes',
      run_at = run_at - interval '10 minutes'`;
    const [job] = await late();
    expect(job?.kind).toBe('job');
    expect(Date.now() - (job?.since.getTime() ?? 0)).toBeLessThan(15 * 60_000);
  });

  test('is a promise that nobody looked at when it was due', async () => {
    await startContactClock();
    await admin`update clocks set next_action_at = now() - interval '6 minutes', updated_at = now() - interval '1 day'`;
    expect(await kinds()).toEqual(['clock']);
  });

  test('is not a promise that has just come to be, or to move, with its time long past', async () => {
    await startContactClock();
    await admin`update clocks set next_action_at = now() - interval '20 days', updated_at = now() - interval '4 minutes'`;
    expect(await late()).toEqual([]);
    await admin`update clocks set updated_at = now() - interval '6 minutes'`;
    const [clock] = await late();
    expect(clock?.kind).toBe('clock');
    expect(Date.now() - (clock?.since.getTime() ?? 0)).toBeLessThan(10 * 60_000);
  });

  test('stands on every page of those who look after jobs, and of nobody else', async () => {
    await admin`insert into job_runs (schedule, due_at, state)
      values ('clocks.sweep', date_trunc('minute', now()) - interval '20 minutes', 'done')`;
    expect((await apiAs(firm.admin).home.frame()).late).toMatchObject([{ kind: 'tick' }]);
    expect((await apiAs(firm.rmHead).home.frame()).late).toEqual([]);
  });
});
