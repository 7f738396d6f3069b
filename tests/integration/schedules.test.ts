import postgres from 'postgres';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { listRuns } from '#lib/admin/runs.server.ts';
import { listSchedules } from '#lib/admin/schedules.server.ts';
import { SCHEDULE_NAMES, TIMETABLE } from '#lib/admin/timetable.ts';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import { asActor, asSystem, closeDatabase } from '#lib/platform/db/transactions.server.ts';
import { assertClockAgrees } from '#lib/platform/jobs/clock.server.ts';
import { listDeadLetters, retryDeadLetter } from '#lib/platform/jobs/dead-letters.server.ts';
import { closeAbandonedRuns, forgetOldJobs } from '#lib/platform/jobs/housekeeping.server.ts';
import {
  performRun,
  runSchedule,
  startDue,
  type Occasion,
  type Schedule
} from '#lib/platform/jobs/schedules.server.ts';
import { useTestDatabase, type TestDatabase } from '../support/database.ts';
import { makeFirm, type TestFirm } from '../support/firm.ts';

let database: TestDatabase;
let admin: postgres.Sql;
let occasions: Occasion[] = [];

const nightly: Schedule = {
  name: 'test.nightly',
  title: 'Nightly test',
  cadence: { dailyAt: '01:00' },
  run: (occasion) => {
    occasions.push(occasion);
    return Promise.resolve('3 rows written');
  }
};
const broken: Schedule = {
  ...nightly,
  name: 'test.broken',
  run: () => Promise.reject(new Error('No paper'))
};
let firm: TestFirm;
let administrator: Actor;
const zone = 'Asia/Kolkata';
const context = { signal: new AbortController().signal, lastAttempt: false };

beforeAll(async () => {
  database = await useTestDatabase();
  admin = postgres(database.superuserUrl, { max: 1, onnotice: () => undefined });
  firm = await makeFirm();
  administrator = firm.admin;
});

afterAll(async () => {
  await closeDatabase();
  await admin?.end();
  await database?.drop();
});

beforeEach(async () => {
  occasions = [];
  await admin`truncate job_runs, job_outbox, dead_letters`;
});

const at = (text: string) => new Date(text);
const runs = async () => [
  ...(await admin`select schedule, due_at, state, attempt, did, error from job_runs order by due_at`)
];
const jobs = async () =>
  (await admin`select payload from job_outbox where job = 'schedules.run' order by id`).map(
    (row) => row.payload as { dueAt: string }
  );

describe('what is due', () => {
  beforeEach(() => startDue([nightly], zone, at('2026-11-16T06:00:00Z')));

  test('begins with the moment a schedule is first seen', async () => {
    expect(await runs()).toMatchObject([
      { schedule: 'test.nightly', state: 'done', did: 'Runs from now on' }
    ]);
    expect(await jobs()).toEqual([]);
  });

  test('is started once by two at the same moment', async () => {
    const now = at('2026-11-16T20:00:00Z');
    const started = await Promise.all([1, 2, 3].map(() => startDue([nightly], zone, now)));
    expect(started.flat()).toEqual(['test.nightly']);
    expect(await jobs()).toEqual([{ schedule: 'test.nightly', dueAt: '2026-11-16T19:30:00.000Z' }]);
  });

  test('is made up for after downtime, each night for its own date', async () => {
    await startDue([nightly], zone, at('2026-11-19T06:00:00Z'));
    const due = (await jobs()).map(({ dueAt }) => dueAt);
    expect(due).toEqual(['2026-11-16T19:30:00.000Z', '2026-11-17T19:30:00.000Z', '2026-11-18T19:30:00.000Z']);
    for (const dueAt of due) await performRun(nightly, at(dueAt), zone, context);
    expect(occasions.map(({ localDate }) => localDate)).toEqual(['2026-11-17', '2026-11-18', '2026-11-19']);
    expect(await startDue([nightly], zone, at('2026-11-19T06:01:00Z'))).toEqual([]);
  });

  test('does not shift because somebody ran it by hand', async () => {
    await asActor(administrator, (tx) => runSchedule(tx, nightly.name));
    const [{ dueAt } = { dueAt: '' }] = await jobs();
    await performRun(nightly, at(dueAt), zone, context);
    await admin`update job_runs set due_at = '2026-11-18T05:00:00.123Z' where due_at = ${dueAt}`;
    await startDue([nightly], zone, at('2026-11-18T06:00:00Z'));
    expect((await jobs()).slice(1).map((job) => job.dueAt)).toEqual([
      '2026-11-16T19:30:00.000Z',
      '2026-11-17T19:30:00.000Z'
    ]);
  });
});

describe('a run', () => {
  const due = at('2026-11-16T19:30:00Z');

  test('records what it did', async () => {
    await performRun(nightly, due, zone, context);
    expect(await runs()).toEqual([
      { schedule: 'test.nightly', due_at: due, state: 'done', attempt: 1, did: '3 rows written', error: null }
    ]);
  });

  test('that is done is not done again', async () => {
    await performRun(nightly, due, zone, context);
    await performRun(nightly, due, zone, context);
    expect(occasions).toHaveLength(1);
  });

  test('records its error, and has failed after the last attempt', async () => {
    await expect(performRun(broken, due, zone, context)).rejects.toThrow('No paper');
    expect(await runs()).toMatchObject([{ state: 'running', attempt: 1, error: 'No paper' }]);
    await expect(performRun(broken, due, zone, { ...context, lastAttempt: true })).rejects.toThrow(
      'No paper'
    );
    expect(await runs()).toMatchObject([{ state: 'failed', attempt: 2, error: 'No paper', did: null }]);
  });
});

describe('what administrators see', () => {
  test('is each schedule with its last and next run', async () => {
    await performRun({ ...nightly, name: 'housekeeping' }, at('2026-11-16T19:30:00Z'), zone, context);
    const listed = await asActor(administrator, (tx) => listSchedules(tx, TIMETABLE, zone), {
      readOnly: true
    });
    expect(listed.map(({ name }) => name)).toEqual(SCHEDULE_NAMES);
    const house = listed.find(({ name }) => name === 'housekeeping');
    expect(house).toMatchObject({ lastRun: { state: 'done', did: '3 rows written' }, failedLately: 0 });
    expect(house?.nextRunAt.getTime()).toBeGreaterThan(Date.now());
  });

  test('is the history, page by page', async () => {
    for (const day of [1, 2, 3]) await performRun(nightly, at(`2026-11-0${day}T19:30:00Z`), zone, context);
    const first = await asActor(administrator, (tx) => listRuns(tx, { limit: 2 }));
    const second = await asActor(administrator, (tx) =>
      listRuns(tx, { limit: 2, cursor: first.nextCursor ?? '' })
    );
    expect([first.items.length, second.items.length, second.nextCursor, first.total]).toEqual([
      2,
      1,
      null,
      3
    ]);
    const failed = await asActor(administrator, (tx) => listRuns(tx, { filter: { state: 'failed' } }));
    expect(failed.items).toEqual([]);
  });

  test('is a dead letter, which can be retried once', async () => {
    await admin`insert into dead_letters (queue, job, payload, error, attempts) values ('work', 'schedules.tick', '{}', 'x', 3)`;
    const [letter] = await asActor(administrator, (tx) => listDeadLetters(tx));
    await asActor(administrator, (tx) => retryDeadLetter(tx, letter?.id ?? 0, administrator.userId));
    expect(await admin`select job from job_outbox`).toEqual([{ job: 'schedules.tick' }]);
    const again = asActor(administrator, (tx) => retryDeadLetter(tx, letter?.id ?? 0, administrator.userId));
    await expect(again).rejects.toThrow('Not found');
    expect(await asActor(administrator, (tx) => listDeadLetters(tx))).toEqual([]);
  });

  test('is nothing of this for other people', async () => {
    await performRun(nightly, at('2026-11-16T19:30:00Z'), zone, context);
    expect((await asActor(administrator, (tx) => listRuns(tx, {}))).total).toBe(1);
    expect(await asActor(firm.rmHead, (tx) => listRuns(tx, {}))).toMatchObject({ items: [], total: 0 });
  });
});

describe('housekeeping', () => {
  test('keeps the last run of each schedule and what is young', async () => {
    await admin`insert into job_runs (schedule, due_at, state)
      select schedule, now() - age, 'done' from
        (values ('often', interval '1 day'), ('often', interval '3 days'), ('asleep', interval '500 days'),
          ('daily', interval '3 days'), ('daily', interval '401 days'), ('daily', interval '1 day')) as v (schedule, age)`;
    await admin`insert into job_outbox (job, payload, finished_at)
      values ('a', '{}', now() - interval '8 days'), ('b', '{}', now()), ('c', '{}', null)`;
    expect(await asSystem((tx) => forgetOldJobs(tx, ['often']))).toBe(3);
    const left = (await runs()).map(({ schedule }) => schedule as string);
    expect(left.sort()).toEqual(['asleep', 'daily', 'daily', 'often']);
    expect(await admin`select job from job_outbox order by job`).toEqual([{ job: 'b' }, { job: 'c' }]);
  });

  test('gives up runs that never ended', async () => {
    await admin`insert into job_runs (schedule, due_at, started_at, state)
      values ('a', now(), now() - interval '2 days', 'running'), ('b', now(), now(), 'running')`;
    expect(await asSystem(closeAbandonedRuns)).toBe(1);
    expect(await admin`select schedule, state from job_runs order by schedule`).toEqual([
      { schedule: 'a', state: 'failed' },
      { schedule: 'b', state: 'running' }
    ]);
  });
});

describe('the clock', () => {
  test('agrees with the database', () => expect(assertClockAgrees()).resolves.toBeUndefined());

  test.each([
    [2_500, 'ahead of'],
    [-2_500, 'behind']
  ])('that is %i ms off is refused', async (off, way) => {
    await expect(assertClockAgrees(() => Date.now() + off)).rejects.toThrow(way);
  });
});
