import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startClocks } from '#lib/clocks/commands.server.ts';
import { calendars, calendarVersions } from '#lib/clocks/policy-schema.server.ts';
import type { ClockDetails } from '#lib/clocks/reads.server.ts';
import { clocks } from '#lib/clocks/schema.server.ts';
import { asSystem, closeDatabase } from '#lib/platform/db/transactions.server.ts';
import { callerFor } from '#lib/platform/trpc/caller.server.ts';
import { useTestDatabase, type TestDatabase } from '../support/database.ts';
import { makeFirm, type TestFirm } from '../support/firm.ts';
import { mintClient, mintQuery } from '../support/records.ts';

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

/** A Wednesday whose hours are all worked, three weeks before this week. */
const day = (() => {
  const date = new Date(Date.now() - 21 * 86_400_000);
  date.setUTCDate(date.getUTCDate() - ((date.getUTCDay() + 4) % 7));
  return date.toISOString().slice(0, 10);
})();
const OPENED = new Date(`${day}T10:00:00+05:30`);

async function newQuery() {
  const clientId = await mintClient({ primaryRmId: firm.rm.userId });
  const id = await mintQuery({ clientId, rmId: firm.rm.userId });
  await asSystem((tx) =>
    startClocks(tx, { kind: 'query', id, clientId, priority: 'normal' }, { at: OPENED })
  );
  return id;
}

async function resolutionOf(id: number): Promise<ClockDetails> {
  const found = await callerFor(firm.rm).clocks.forSubject({ kind: 'query', id });
  const clock = found.find(({ target }) => target === 'resolution');
  if (!clock) throw new Error('No clock was started');
  return clock;
}

const business = async () => {
  const [calendar] = await asSystem((tx) => tx.select().from(calendars).orderBy(calendars.id).limit(1));
  return calendar ?? { id: 0, version: 0 };
};

const closeOn = async (on: string) => {
  const { id, version } = await business();
  await callerFor(firm.admin).calendars.addDay({ id, version, on, name: 'Forgotten holiday', hours: '' });
};

const said = ({ readAt: _, ...clock }: ClockDetails) => clock;
const minutesIn = (clock: ClockDetails) =>
  clock.stretches
    .filter(({ kind }) => kind === 'ours')
    .reduce((sum, { from, to }) => sum + (to.getTime() - from.getTime()) / 60_000, 0);

describe('a clock that has ended', () => {
  test('is explained by the calendar by which it was counted, whatever becomes of it', async () => {
    const [finished, running] = [await newQuery(), await newQuery()];
    await callerFor(firm.rm).queries.resolve({ id: finished, resolution: 'Explained' });
    const [before, other] = [await resolutionOf(finished), await resolutionOf(running)];
    await closeOn(day);
    const after = await resolutionOf(finished);
    expect(said(after)).toEqual(said(before));
    expect(after.stretches.some(({ name }) => name === 'Forgotten holiday')).toBe(false);
    // What runs follows.
    expect((await resolutionOf(running)).usedMinutes).toBeLessThan(other.usedMinutes);
  });

  test('shows what it kept, and the bar of it adds up to that', async () => {
    const id = await newQuery();
    await callerFor(firm.rm).queries.resolve({ id, resolution: 'Explained' });
    const kept = async () =>
      (await asSystem((tx) => tx.select().from(clocks).where(eq(clocks.subjectId, id)))).find(
        ({ target }) => target === 'resolution'
      );
    const row = await kept();
    await closeOn(new Date(OPENED.getTime() + 86_400_000).toISOString().slice(0, 10));
    const shown = await resolutionOf(id);
    expect(shown).toMatchObject({
      usedMinutes: row?.minutesUsed,
      targetMinutes: row?.minutesTarget,
      oursMinutes: row?.minutesOurs,
      clientMinutes: 0,
      thirdPartyMinutes: 0
    });
    expect(Math.round(minutesIn(shown))).toBe(row?.minutesOurs);
  });

  test('before versions were kept is explained by the oldest that is', async () => {
    const id = await newQuery();
    await callerFor(firm.rm).queries.resolve({ id, resolution: 'Explained' });
    const before = await resolutionOf(id);
    const { id: calendarId, version } = await business();
    await asSystem(async (tx) => {
      await tx
        .update(clocks)
        .set({ calendarVersion: null, minutesUsed: 4711 })
        .where(eq(clocks.subjectId, id));
      await tx.execute(
        sql`delete from calendar_versions where calendar_id = ${calendarId} and version < ${version}`
      );
    });
    await closeOn(new Date(OPENED.getTime() + 2 * 86_400_000).toISOString().slice(0, 10));
    const { words, usedMinutes, oursMinutes } = await resolutionOf(id);
    expect({ words, oursMinutes }).toEqual({ words: before.words, oursMinutes: before.oursMinutes });
    // Counted by a calendar that nobody knows any more.
    expect(usedMinutes).toBe(4711);
  });
});

describe('a calendar', () => {
  test('keeps what it said at each version, once a change of it is saved', async () => {
    const closed = { tuesday: '', wednesday: '', thursday: '', friday: '', saturday: '', sunday: '' };
    const week = { monday: '09:00-17:00', ...closed };
    const admin = callerFor(firm.admin).calendars;
    const { id } = await admin.create({ name: 'Mondays', timeZone: 'Asia/Kolkata', ...week });
    const { version } = await admin.byId({ id });
    await admin.addDay({
      id,
      version,
      on: '2027-01-25',
      name: 'Half a day',
      hours: '09:00-13:00',
      dryRun: true
    });
    const kept = () =>
      asSystem((tx) =>
        tx
          .select()
          .from(calendarVersions)
          .where(eq(calendarVersions.calendarId, id))
          .orderBy(calendarVersions.version)
      );
    const windows = [{ weekday: 1, opens: '09:00:00', closes: '17:00:00' }];
    expect(await kept()).toMatchObject([{ version, timeZone: 'Asia/Kolkata', windows, holidays: [] }]);
    await admin.addDay({ id, version, on: '2027-01-25', name: 'Half a day', hours: '09:00-13:00' });
    expect(await kept()).toMatchObject([
      { version, holidays: [] },
      {
        version: version + 1,
        windows,
        holidays: [{ on: '2027-01-25', name: 'Half a day', windows: [{ opens: '09:00', closes: '13:00' }] }]
      }
    ]);
  });
});
