import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ClockDetails } from '#lib/clocks/reads.server.ts';
import { clients } from '#lib/clients/schema.server.ts';
import { carryOutDue } from '#lib/escalation/commands.server.ts';
import { asSystem, closeDatabase } from '#lib/platform/db/transactions.server.ts';
import { callerFor } from '#lib/platform/trpc/caller.server.ts';
import { refreshClocks } from '../../workers/refresh.ts';
import { useTestDatabase, type TestDatabase } from '../support/database.ts';
import { makeFirm, type TestFirm } from '../support/firm.ts';
import { promisesOn } from '../support/promises.ts';
import { mintClient, mintInteraction } from '../support/records.ts';

let database: TestDatabase;
let firm: TestFirm;

beforeAll(async () => {
  database = await useTestDatabase();
  firm = await makeFirm();
});

afterAll(async () => {
  await closeDatabase();
  await database?.drop();
});

const DAY = 86_400_000;
/** The same for all that is compared. */
const NOW = Math.floor(Date.now() / 1000) * 1000;
const daysAgo = (days: number) => new Date(NOW - days * DAY);
const dayOf = (at: Date) => new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Kolkata' }).format(at);
const inDays = (days: number) => dayOf(daysAgo(-days));

const lastSunday = () =>
  [1, 2, 3, 4, 5, 6, 7].map((days) => inDays(-days)).find((day) => new Date(day).getUTCDay() === 0) ?? '';

const mine = (values: Parameters<typeof mintClient>[0] = {}) =>
  mintClient({ primaryRmId: firm.rm.userId, createdAt: daysAgo(400), ...values });
const contacted = (clientId: number, occurredAt: Date) =>
  mintInteraction({ clientId, userId: firm.rm.userId, occurredAt });
const change = (id: number, values: Partial<typeof clients.$inferInsert>) =>
  asSystem((tx) => tx.update(clients).set(values).where(eq(clients.id, id)));

const reviewsIn = (clocks: ClockDetails[]) => clocks.filter(({ target }) => target === 'review');

async function promises(id: number, target: string) {
  await refreshClocks();
  return (await promisesOn('client', id)).filter((clock) => clock.target === target);
}

describe('contact with a client', () => {
  it('is due ninety days after the last one, or after he was entered', async () => {
    const never = await mine({ createdAt: daysAgo(10) });
    const spoken = await mine();
    await contacted(spoken, daysAgo(30));
    expect(await promises(never, 'contact')).toMatchObject([
      { state: 'running', startedAt: daysAgo(10), dueAt: daysAgo(-80) }
    ]);
    expect(await promises(spoken, 'contact')).toMatchObject([
      { state: 'running', startedAt: daysAgo(30), dueAt: daysAgo(-60) }
    ]);
  });

  it('keeps the promise at its time, and begins the next', async () => {
    const id = await mine({ createdAt: daysAgo(100) });
    await promises(id, 'contact');
    await contacted(id, daysAgo(20));
    await contacted(id, daysAgo(5));
    expect(await promises(id, 'contact')).toMatchObject([
      { state: 'satisfied', endedAt: daysAgo(20), breachedAt: null },
      { state: 'running', startedAt: daysAgo(5) }
    ]);
  });

  it('that came too late is known to have', async () => {
    const id = await mine({ createdAt: daysAgo(120) });
    await promises(id, 'contact');
    await contacted(id, daysAgo(1));
    expect(await promises(id, 'contact')).toMatchObject([
      { state: 'satisfied', breachedAt: daysAgo(30), endedAt: daysAgo(1) },
      { state: 'running', breachedAt: null }
    ]);
  });

  it('that is taken back lets the promise run again', async () => {
    const id = await mine({ createdAt: daysAgo(50) });
    await promises(id, 'contact');
    const talk = await contacted(id, daysAgo(2));
    await promises(id, 'contact');
    await callerFor(firm.admin).interactions.delete({ id: talk });
    expect(await promises(id, 'contact')).toMatchObject([
      { round: 1, state: 'running', startedAt: daysAgo(50), endedAt: null },
      { round: 2, state: 'cancelled' }
    ]);
    await contacted(id, daysAgo(1));
    expect(await promises(id, 'contact')).toMatchObject([
      { round: 1, state: 'satisfied', endedAt: daysAgo(1) },
      { round: 2, state: 'cancelled' },
      { round: 3, state: 'running', startedAt: daysAgo(1) }
    ]);
  });

  it('is explained for its latest rounds', async () => {
    const id = await mine({ createdAt: daysAgo(50) });
    for (const days of [40, 30, 20, 10, 5]) {
      await promises(id, 'contact');
      await contacted(id, daysAgo(days));
    }
    expect(await promises(id, 'contact')).toHaveLength(6);
    const clocks = await callerFor(firm.rm).clocks.forSubject({ kind: 'client', id });
    expect(clocks.map(({ round }) => round)).toEqual([6, 5, 4]);
  });

  it('that is dated back ends the promise then', async () => {
    const id = await mine({ createdAt: daysAgo(50) });
    await promises(id, 'contact');
    const talk = await contacted(id, daysAgo(2));
    await promises(id, 'contact');
    await callerFor(firm.rm).interactions.update({ id: talk, version: 1, occurredAt: daysAgo(9) });
    expect(await promises(id, 'contact')).toMatchObject([
      { round: 1, state: 'satisfied', endedAt: daysAgo(9) },
      { round: 2, state: 'cancelled' },
      { round: 3, state: 'running', startedAt: daysAgo(9) }
    ]);
  });

  it('is promised while he is looked after, and by the policy of his tier', async () => {
    const id = await mine();
    await promises(id, 'contact');
    await change(id, { lifecycle: 'archived' });
    expect(await promises(id, 'contact')).toMatchObject([{ state: 'cancelled' }]);
    await change(id, { lifecycle: 'active' });
    expect(await promises(id, 'contact')).toMatchObject([{ state: 'cancelled' }, { state: 'running' }]);
    await change(id, { primaryRmId: null });
    expect((await promises(id, 'contact')).map(({ state }) => state)).toEqual(['cancelled', 'cancelled']);
  });

  it('goes with who is merged into another or deleted', async () => {
    const [kept, gone, deleted] = [await mine(), await mine(), await mine({ nextReviewOn: inDays(9) })];
    expect(await promises(gone, 'contact')).toHaveLength(1);
    expect(await promises(deleted, 'review')).toHaveLength(1);
    const { clients: api } = callerFor(firm.admin);
    const versionOf = async (id: number) => (await api.byId({ id })).version;
    const versions = { version: await versionOf(kept), otherVersion: await versionOf(gone) };
    await api.merge({ id: kept, otherId: gone, ...versions });
    await api.delete({ id: deleted, version: await versionOf(deleted) });
    await refreshClocks();
    expect(await promisesOn('client', gone)).toEqual([]);
    expect(await promises(kept, 'contact')).toHaveLength(1);
    expect(await promisesOn('client', deleted)).toEqual([]);
  });
});

describe('a portfolio review', () => {
  it('is due when work closes on its day, and moves with it', async () => {
    const id = await mine({ nextReviewOn: '2030-06-12' });
    expect(await promises(id, 'review')).toMatchObject([
      { state: 'running', onDate: '2030-06-12', dueAt: new Date('2030-06-12T12:30:00Z') }
    ]);
    await change(id, { nextReviewOn: '2030-06-20' });
    expect(await promises(id, 'review')).toMatchObject([
      { round: 1, state: 'running', onDate: '2030-06-20', dueAt: new Date('2030-06-20T12:30:00Z') }
    ]);
    await change(id, { nextReviewOn: null });
    expect(await promises(id, 'review')).toMatchObject([{ state: 'cancelled' }]);
  });

  it('of a day nobody works on is due when the next one closes, at home as on its page', async () => {
    const rm = callerFor(firm.rm);
    const id = await mine({ nextReviewOn: lastSunday() });
    const [promise] = await promises(id, 'review');
    const [clock] = await rm.clocks.forSubject({ kind: 'client', id }).then(reviewsIn);
    const { reviews } = await rm.home.today();
    expect(promise?.dueAt?.getTime()).toBeGreaterThan(Date.parse(`${lastSunday()}T23:59:00+05:30`));
    expect(clock?.dueAt).toEqual(promise?.dueAt);
    expect(reviews.find((review) => review.id === id)?.dueAt).toEqual(promise?.dueAt);
    await asSystem((tx) => tx.delete(clients).where(eq(clients.id, id)));
  });

  it('that is logged keeps the promise, and the next begins', async () => {
    const id = await mine({ nextReviewOn: inDays(3) });
    await promises(id, 'review');
    await callerFor(firm.rm).reviews.log({ clientId: id, heldOn: inDays(0), nextOn: inDays(90) });
    expect(await promises(id, 'review')).toMatchObject([
      { round: 1, state: 'satisfied', onDate: inDays(3), breachedAt: null },
      { round: 2, state: 'running', onDate: inDays(90) }
    ]);
    await change(id, { nextReviewOn: inDays(100) });
    expect(await promises(id, 'review')).toMatchObject([
      { state: 'satisfied' },
      { round: 2, state: 'running', onDate: inDays(100) }
    ]);
  });

  it('that is taken back is due again on its day', async () => {
    const id = await mine({ nextReviewOn: inDays(3) });
    await promises(id, 'review');
    const review = await callerFor(firm.rm).reviews.log({
      clientId: id,
      heldOn: inDays(0),
      nextOn: inDays(90)
    });
    await promises(id, 'review');
    await callerFor(firm.admin).interactions.delete({ id: review.id });
    expect(await promises(id, 'review')).toMatchObject([
      { round: 1, state: 'running', onDate: inDays(3), endedAt: null },
      { round: 2, state: 'cancelled', onDate: inDays(90) }
    ]);
  });

  it('whose day was past before there were clocks is overdue since then', async () => {
    const id = await mine({ nextReviewOn: '2026-01-09' });
    expect(await promises(id, 'review')).toMatchObject([
      { state: 'running', dueAt: new Date('2026-01-09T12:30:00Z') }
    ]);
    const [clock] = await callerFor(firm.rm).clocks.forSubject({ kind: 'client', id }).then(reviewsIn);
    const over = Math.floor((NOW - Date.parse('2026-01-09T12:30:00Z')) / 60_000);
    expect(clock && -clock.leftMinutes - over).toBeLessThan(5);
  });

  it('that had passed when he was entered begins with its first reminder', async () => {
    const id = await mine({ nextReviewOn: '2026-01-09', createdAt: daysAgo(1) });
    const [stored] = await promises(id, 'review');
    expect(stored).toMatchObject({ startedAt: new Date('2026-01-02T04:00:00Z') });
    await asSystem((tx) => carryOutDue(tx, 1000));
    const [clock] = await callerFor(firm.rm).clocks.forSubject({ kind: 'client', id }).then(reviewsIn);
    expect(clock?.breachedAt).toEqual(new Date('2026-01-09T12:30:00Z'));
    expect(clock?.words[1]).toBe(
      'It started Friday 2 January, 09:30: its date had passed when it was noted, so it counts from its first reminder.'
    );
  });

  it('that is moved to a day before its clock began takes the next round', async () => {
    const id = await mine({ nextReviewOn: inDays(9), createdAt: daysAgo(1) });
    await promises(id, 'review');
    await change(id, { nextReviewOn: inDays(-9) });
    const [first, second] = await promises(id, 'review');
    expect([first?.state, second?.state, second?.round]).toEqual(['cancelled', 'running', 2]);
    expect(second?.startedAt.getTime()).toBeLessThan(second?.dueAt?.getTime() ?? 0);
  });
});
