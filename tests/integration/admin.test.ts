import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { SCHEDULE_NAMES } from '#lib/admin/timetable.ts';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import { asSystem, closeDatabase } from '#lib/platform/db/transactions.server.ts';
import { queueMail } from '#lib/platform/mail/outbox.server.ts';
import { createCaller } from '#lib/platform/trpc/caller.server.ts';
import { useTestDatabase, type TestDatabase } from '../support/database.ts';
import { makeFirm, type TestFirm } from '../support/firm.ts';

let database: TestDatabase;
let firm: TestFirm;

beforeAll(async () => {
  database = await useTestDatabase();
  firm = await makeFirm();
});

afterAll(async () => {
  await closeDatabase();
  await database.drop();
});

beforeEach(() => asSystem((tx) => tx.execute(sql`delete from mail_outbox`)));

const as = (actor: Actor) =>
  createCaller({
    requestId: crypto.randomUUID(),
    actor,
    session: { id: 'x', hash: 'x', expiresAt: new Date(Date.now() + 60_000), mustChangePassword: false },
    address: '192.0.2.1',
    userAgent: 'test',
    cookie: { set: () => undefined, clear: () => undefined },
    rateKey: null
  }).admin;

const write = (key: string, kind = 'digest') =>
  asSystem((tx) =>
    queueMail(tx, {
      key,
      userId: firm.rmHead.userId,
      to: 'head@firm.test',
      subject: `About ${key}`,
      text: 'Words',
      html: '<p>Words</p>',
      kind
    })
  );

const setState = (state: string) =>
  asSystem((tx) => tx.execute(sql`update mail_outbox set state = ${state}, attempts = 3`));

describe('administrators', () => {
  test('see every schedule with when it runs next', async () => {
    const { items, timeZone, outbox, late, deadLetters } = await as(firm.admin).jobs.list();
    expect(items.map(({ name }) => name)).toEqual(SCHEDULE_NAMES);
    expect(items.every(({ nextRunAt }) => nextRunAt.getTime() > Date.now())).toBe(true);
    expect(timeZone).toBe('Asia/Kolkata');
    expect(deadLetters).toEqual([]);
    expect(outbox).toMatchObject([{ queue: 'work', unfinished: 0 }, { queue: 'mail' }]);
    expect(late).toEqual([]);
  });

  test('run a schedule now', async () => {
    await as(firm.admin).jobs.run({ name: 'housekeeping' });
    const jobs = await asSystem((tx) =>
      tx.execute(sql`select payload ->> 'schedule' as schedule from job_outbox where job = 'schedules.run'`)
    );
    expect([...jobs]).toEqual([{ schedule: 'housekeeping' }]);
  });

  test('are told of a schedule that does not exist', async () => {
    const run = as(firm.admin).jobs.run({ name: 'coffee' as 'housekeeping' });
    await expect(run).rejects.toMatchObject({ code: 'BAD_REQUEST' });
  });

  test('read the outbox page by page, without the text', async () => {
    for (const key of ['one', 'two', 'three']) await write(key);
    const first = await as(firm.admin).outbox.list({ limit: 2 });
    expect(first).toMatchObject({ total: 3, totalIsEstimate: false, attention: { unknown: 0, parked: 0 } });
    expect(first.items.map(({ subject }) => subject)).toEqual(['About three', 'About two']);
    expect(first.items[0]).not.toHaveProperty('html');
    const second = await as(firm.admin).outbox.list({ limit: 2, cursor: first.nextCursor ?? '' });
    expect(second.items.map(({ subject }) => subject)).toEqual(['About one']);
    expect(second.nextCursor).toBeNull();
  });

  test('narrow it by state and kind', async () => {
    await write('one');
    await setState('parked');
    await write('two', 'invitation');
    const { outbox } = as(firm.admin);
    expect((await outbox.list({ filter: { state: 'parked' } })).items).toHaveLength(1);
    expect((await outbox.list({ filter: { kind: 'invitation' } })).items).toHaveLength(1);
    expect((await outbox.list({})).attention).toEqual({ unknown: 0, parked: 1 });
  });

  test('read one mail whole', async () => {
    await write('one');
    const { outbox } = as(firm.admin);
    const { items } = await outbox.list({});
    const id = items[0]?.id ?? 0;
    expect(await outbox.byId({ id })).toMatchObject({ text: 'Words', html: '<p>Words</p>' });
    await expect(outbox.byId({ id: id + 1 })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  test('have a mail of unknown fate sent again, and no other', async () => {
    await write('one');
    const { outbox } = as(firm.admin);
    const id = (await outbox.list({})).items[0]?.id ?? 0;
    await expect(outbox.sendAgain({ id })).rejects.toMatchObject({ code: 'UNPROCESSABLE_CONTENT' });
    await setState('unknown');
    await outbox.sendAgain({ id });
    expect(await outbox.byId({ id })).toMatchObject({ state: 'pending', attempts: 0 });
    await expect(outbox.sendAgain({ id })).rejects.toMatchObject({ code: 'UNPROCESSABLE_CONTENT' });
  });
});

describe('other people', () => {
  test('see neither jobs nor mail', async () => {
    await write('one');
    for (const actor of [firm.rmHead, firm.rm, firm.ops]) {
      await expect(as(actor).jobs.list()).rejects.toMatchObject({ code: 'FORBIDDEN' });
      await expect(as(actor).jobs.run({ name: 'housekeeping' })).rejects.toMatchObject({ code: 'FORBIDDEN' });
      await expect(as(actor).outbox.list({})).rejects.toMatchObject({ code: 'FORBIDDEN' });
    }
  });
});
