import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { eq, sql } from 'drizzle-orm';
import { noteFailure, writeDigest } from '#lib/digests/commands.server.ts';
import { digestsDue, MOST_ATTEMPTS } from '#lib/digests/due.server.ts';
import { digests } from '#lib/digests/schema.server.ts';
import { userProfiles, users } from '#lib/people/schema.server.ts';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import { asSystem, closeDatabase } from '#lib/platform/db/transactions.server.ts';
import { localDateOf } from '#lib/platform/jobs/cadence.ts';
import type { Occasion } from '#lib/platform/jobs/schedules.server.ts';
import { writeDigests } from '../../workers/digests.ts';
import { useTestDatabase, type TestDatabase } from '../support/database.ts';
import { makeFirm, type TestFirm } from '../support/firm.ts';
import { mintClient, mintQuery } from '../support/records.ts';

let database: TestDatabase;
let firm: TestFirm;

const TIME_ZONE = 'Asia/Kolkata';
const TUESDAY = '2026-11-17';

beforeAll(async () => {
  database = await useTestDatabase();
  firm = await makeFirm();
});

afterAll(async () => {
  await closeDatabase();
  await database?.drop();
});

beforeEach(() =>
  asSystem(async (tx) => {
    await tx.delete(digests);
    await tx.update(userProfiles).set({ digestAt: '00:00', digest: null });
    await tx.update(users).set({ leaveFrom: null, leaveTo: null });
  })
);

const due = async (date: string, asked = false) =>
  (await asSystem((tx) => digestsDue(tx, date, asked))).map(({ userId }) => userId);
const isDue = async ({ userId }: Actor, date = TUESDAY) => (await due(date)).includes(userId);
const profile = ({ userId }: Actor, values: Partial<typeof userProfiles.$inferInsert>) =>
  asSystem((tx) => tx.update(userProfiles).set(values).where(eq(userProfiles.userId, userId)));

describe('a digest is due', () => {
  test('on days on which the firm works, by its windows, holidays and exceptional days', async () => {
    await asSystem((tx) =>
      tx.execute(sql`insert into calendar_holidays (calendar_id, on_date, name, windows)
        select id, '2026-11-28', 'Stocktaking', '[{"opens":"10:00","closes":"13:00"}]' from calendars order by id limit 1`)
    );
    await asSystem((tx) => tx.execute(sql`update calendars set version = version + 1`));
    const { rmHead } = firm;
    expect(await isDue(rmHead)).toBe(true);
    expect(await isDue(rmHead, '2026-11-22'), 'a Sunday').toBe(false);
    expect(await isDue(rmHead, '2026-12-25'), 'a holiday').toBe(false);
    expect(await isDue(rmHead, '2026-11-28'), 'a Saturday that is worked').toBe(true);
  });

  test('from the hour its reader chose', async () => {
    await profile(firm.rmHead, { digestAt: '23:59:59' });
    expect(await isDue(firm.rmHead)).toBe(false);
    expect(await isDue(firm.otherHead)).toBe(true);
  });

  test('for heads unless they want none, for executives who want one', async () => {
    expect(await isDue(firm.rmHead)).toBe(true);
    expect(await isDue(firm.rm)).toBe(false);
    await profile(firm.rmHead, { digest: false });
    await profile(firm.rm, { digest: true });
    expect(await isDue(firm.rmHead)).toBe(false);
    expect(await isDue(firm.rm)).toBe(true);
  });

  describe('for administrators once a week', () => {
    const write = ({ userId }: Actor, date: string) =>
      writeDigest({ userId, kind: 'weekly' }, { date, timeZone: TIME_ZONE }, 'https://x.test');

    test('on its first working day, which need not be a Monday', async () => {
      const { admin } = firm;
      expect(await isDue(admin, '2026-11-16'), 'a Monday').toBe(true);
      await write(admin, '2026-11-16');
      expect(await isDue(admin, '2026-11-16')).toBe(false);
      expect(await isDue(admin, '2026-11-17')).toBe(false);
      expect(await isDue(admin, '2026-11-23'), 'the next Monday').toBe(true);
      // Monday 26 January 2026 is Republic Day.
      expect(await isDue(admin, '2026-01-26')).toBe(false);
      expect(await isDue(admin, '2026-01-27'), 'after a Monday on which nobody works').toBe(true);
    });

    test('on a later one where the first was missed, and once all the same', async () => {
      const { admin } = firm;
      expect(await isDue(admin, '2026-11-17'), 'nobody wrote one on Monday').toBe(true);
      await asSystem((tx) =>
        tx.update(users).set({ leaveFrom: '2026-11-16', leaveTo: TUESDAY }).where(eq(users.id, admin.userId))
      );
      expect(await isDue(admin, '2026-11-17')).toBe(false);
      expect(await isDue(admin, '2026-11-18'), 'back from leave').toBe(true);
      await write(admin, '2026-11-18');
      await write(admin, '2026-11-20');
      expect(await isDue(admin, '2026-11-19')).toBe(false);
      expect(await asSystem((tx) => tx.select().from(digests))).toMatchObject([{ onDate: '2026-11-16' }]);
    });

    test('and once more a day where it cannot be written', async () => {
      const { userId } = firm.admin;
      const today = localDateOf(new Date(), TIME_ZONE);
      const day = { date: today, timeZone: TIME_ZONE };
      for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt += 1)
        await asSystem((tx) => noteFailure(tx, { userId, kind: 'weekly' }, day, 'No idea'));
      await asSystem((tx) => tx.update(digests).set({ attempts: 0, triedAt: sql`now()` }));
      expect((await due(today, true)).includes(userId), 'waited enough').toBe(true);
      await asSystem((tx) => tx.update(digests).set({ attempts: MOST_ATTEMPTS }));
      expect((await due(today, true)).includes(userId), 'given up for today').toBe(false);
      await asSystem((tx) => tx.update(digests).set({ triedAt: sql`now() - interval '1 day'` }));
      expect((await due(today, true)).includes(userId), 'another day').toBe(true);
    });
  });

  test('for nobody who is on leave or has left', async () => {
    const { rmHead, otherHead } = firm;
    await asSystem((tx) =>
      tx.update(users).set({ leaveFrom: '2026-11-16', leaveTo: TUESDAY }).where(eq(users.id, rmHead.userId))
    );
    expect(await isDue(rmHead)).toBe(false);
    expect(await isDue(rmHead, '2026-11-18')).toBe(true);
    await asSystem((tx) => tx.update(users).set({ active: false }).where(eq(users.id, otherHead.userId)));
    expect(await isDue(otherHead)).toBe(false);
    await asSystem((tx) => tx.update(users).set({ active: true }).where(eq(users.id, otherHead.userId)));
  });

  test('at once and on any day where somebody asks for them', async () => {
    await profile(firm.rmHead, { digestAt: '23:59:59' });
    expect(await due('2026-11-22', true)).toEqual(
      expect.arrayContaining([firm.rmHead.userId, firm.admin.userId])
    );
  });

  test('once', async () => {
    await writeDigest(
      { userId: firm.rmHead.userId, kind: 'morning' },
      { date: TUESDAY, timeZone: TIME_ZONE },
      'https://x.test'
    );
    expect(await isDue(firm.rmHead)).toBe(false);
    expect(await isDue(firm.rmHead, '2026-11-18')).toBe(true);
  });
});

describe('one that cannot be written', () => {
  const day = { date: TUESDAY, timeZone: TIME_ZONE };
  const fail = () =>
    asSystem((tx) => noteFailure(tx, { userId: firm.rmHead.userId, kind: 'morning' }, day, 'No idea'));
  const waited = () => asSystem((tx) => tx.update(digests).set({ triedAt: sql`now() - interval '1 hour'` }));

  test('is tried again after a while, and given up in the end', async () => {
    await fail();
    expect(await isDue(firm.rmHead), 'just failed').toBe(false);
    for (let attempt = 1; attempt < MOST_ATTEMPTS; attempt += 1) {
      await waited();
      expect(await isDue(firm.rmHead), `after ${attempt}`).toBe(true);
      await fail();
    }
    await waited();
    expect(await isDue(firm.rmHead)).toBe(false);
  });

  test('is written when it can be', async () => {
    await fail();
    await waited();
    await writeDigest({ userId: firm.rmHead.userId, kind: 'morning' }, day, 'https://x.test');
    const rows = await asSystem((tx) => tx.select().from(digests));
    expect(rows).toMatchObject([{ error: null, attempts: 2, content: { kind: 'morning' } }]);
    expect(rows[0]?.state).not.toBe('failed');
  });

  test('does not hold the others', async () => {
    const today = localDateOf(new Date(), TIME_ZONE);
    const clientId = await mintClient({ primaryRmId: firm.otherRm.userId });
    for (const rmId of [firm.otherRm.userId, firm.rm.userId])
      await mintQuery({ clientId, rmId, dueAt: new Date('2026-11-01T10:00+05:30') });
    // No moment can be written for him.
    await profile(firm.otherHead, { timeZone: 'Nowhere/Here' });
    const occasion: Occasion = {
      ...{ dueAt: new Date(), localDate: today, timeZone: TIME_ZONE },
      ...{ asked: true, signal: AbortSignal.timeout(60_000) }
    };
    expect(await writeDigests(occasion)).toMatch(
      /^1 digests queued, 2 with nothing to say, 1 could not be written$/
    );
    const rows = await asSystem((tx) => tx.select().from(digests));
    const stateOf = ({ userId }: Actor) => rows.find((row) => row.userId === userId)?.state;
    expect(stateOf(firm.otherHead)).toBe('failed');
    expect(stateOf(firm.rmHead)).toBe('queued');
  });
});

test('after downtime there is one for today and none for the days before', async () => {
  const occasion: Occasion = {
    ...{ dueAt: new Date('2026-11-16T23:59:00+05:30'), localDate: '2026-11-16', timeZone: TIME_ZONE },
    ...{ asked: false, signal: AbortSignal.timeout(60_000) }
  };
  expect(await writeDigests(occasion)).toBe('Too late: another day has begun');
  expect(await asSystem((tx) => tx.select().from(digests))).toEqual([]);
});
