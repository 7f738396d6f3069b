import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sql } from 'drizzle-orm';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import { asSystem, closeDatabase } from '#lib/platform/db/transactions.server.ts';
import { callerFor } from '#lib/platform/trpc/caller.server.ts';
import { useTestDatabase, type TestDatabase } from '../support/database.ts';
import { makeFirm, type TestFirm } from '../support/firm.ts';
import { mintInteraction, mintClient, mintLead } from '../support/records.ts';

let database: TestDatabase;
let firm: TestFirm;
let today = '';

beforeAll(async () => {
  database = await useTestDatabase();
  firm = await makeFirm();
  const [row] = await asSystem((tx) =>
    tx.execute<{ today: string }>(
      sql`select (now() at time zone time_zone)::date::text as today from firm_settings`
    )
  );
  today = row?.today ?? '';
});

afterAll(async () => {
  await closeDatabase();
  await database.drop();
});

const DAY = 86_400_000;
const day = (after: number) => new Date(Date.parse(today) + after * DAY).toISOString().slice(0, 10);
const daysAgo = (days: number) => new Date(Date.now() - days * DAY);

type Filter = NonNullable<Parameters<ReturnType<typeof callerFor>['leads']['list']>[0]['filter']>;
const named = async (actor: Actor, filter: Filter) =>
  (await callerFor(actor).leads.list({ filter })).items.map(({ name }) => name).sort();

describe('the filters of leads', () => {
  beforeAll(async () => {
    const mine = { conversionRmId: firm.rm2.userId, status: 'wip' as const };
    await mintLead({ ...mine, name: 'late', nextFollowUpOn: day(-3), createdAt: daysAgo(40), mode: 'mail' });
    await mintLead({ ...mine, name: 'now', nextFollowUpOn: today, expectedValue: '500.00' });
    await mintLead({ ...mine, name: 'soon', nextFollowUpOn: day(5), expectedValue: '1500.00' });
    await mintLead({ ...mine, name: 'far', nextFollowUpOn: day(20), expectedValue: '900.00' });
    await mintLead({ ...mine, name: 'unplanned', createdAt: daysAgo(10), obtainedById: firm.rm2.userId });
    await mintLead({
      ...mine,
      name: 'gone',
      status: 'denied',
      denialReason: 'budget',
      nextFollowUpOn: day(-3)
    });
  });

  it('tell follow-ups that are overdue, for today, this week and not set, of open leads only', async () => {
    expect(await named(firm.rm2, { followUp: 'overdue' })).toEqual(['late']);
    expect(await named(firm.rm2, { followUp: 'today' })).toEqual(['now']);
    expect(await named(firm.rm2, { followUp: 'week' })).toEqual(['now', 'soon']);
    expect(await named(firm.rm2, { followUp: 'none' })).toEqual(['unplanned']);
  });

  it('tell age, value, source and who obtained it', async () => {
    expect(await named(firm.rm2, { minAgeDays: 7 })).toEqual(['late', 'unplanned']);
    expect(await named(firm.rm2, { minAgeDays: 30 })).toEqual(['late']);
    expect(await named(firm.rm2, { valueFrom: '500', valueTo: '900.00' })).toEqual(['far', 'now']);
    expect(await named(firm.rm2, { mode: 'mail' })).toEqual(['late']);
    expect(await named(firm.rmHead, { obtainedById: firm.rm2.userId })).toEqual(['unplanned']);
  });

  it('are on the home page of the RM and of his head: what is due, the longest overdue first', async () => {
    for (const actor of [firm.rm2, firm.rmHead]) {
      const { toCall } = await callerFor(actor).home.today({});
      expect(toCall).toMatchObject({ overdue: 1, today: 1 });
      expect(toCall.leads.map(({ name }) => name)).toEqual(['late', 'now']);
    }
    expect((await callerFor(firm.otherHead).home.today({})).toCall).toMatchObject({
      overdue: 0,
      leads: []
    });
  });
});

describe('the order of leads', () => {
  it('goes by every column that is shown, both ways, page after page', async () => {
    const product = (name: string) =>
      asSystem(async (tx) => {
        const [row] = await tx.execute<{ id: number }>(
          sql`insert into products (name, name_key) values (${name}, ${name}) returning id`
        );
        return row?.id ?? null;
      });
    const [first, last] = [await product('aaa fund'), await product('zzz fund')];
    const team = { teamId: firm.teams.other, createdAt: daysAgo(1) };
    await mintLead({
      ...team,
      name: 'b',
      conversionRmId: firm.otherRm.userId,
      status: 'wip',
      productId: last
    });
    await mintLead({
      ...team,
      name: 'c',
      conversionRmId: firm.otherHead.userId,
      status: 'new',
      productId: first
    });
    await mintLead({ ...team, name: 'a', status: 'new' });
    const api = callerFor(firm.otherHead);
    const walk = async (by: 'status' | 'rm' | 'product' | 'name', direction: 'asc' | 'desc') => {
      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await api.leads.list({ sort: { by, direction }, limit: 1, cursor });
        seen.push(...page.items.map(({ name }) => name));
        cursor = page.nextCursor ?? undefined;
      } while (cursor);
      return seen.join('');
    };
    expect(await walk('name', 'asc')).toBe('abc');
    // Omar Otherhead before Osman South; those without come last either way.
    expect(await walk('rm', 'asc')).toBe('cba');
    expect(await walk('rm', 'desc')).toBe('bca');
    expect(await walk('product', 'asc')).toBe('cba');
    expect(await walk('product', 'desc')).toBe('bca');
    expect(await walk('status', 'asc')).toBe('cab');
    expect(await walk('status', 'desc')).toBe('bac');
  });
});

describe('the board of leads', () => {
  it('counts each status and its worth in the firm’s currency, and holds what the list holds', async () => {
    const { columns, items } = await callerFor(firm.rm2).leads.board({ filter: { rmId: firm.rm2.userId } });
    expect(columns).toEqual([
      { status: 'new', count: 0, value: '0' },
      { status: 'wip', count: 5, value: '2900.00' },
      { status: 'converted', count: 0, value: '0' },
      { status: 'denied', count: 1, value: '0' }
    ]);
    expect(items.map(({ name }) => name).sort()).toEqual(await named(firm.rm2, {}));
    await mintLead({
      conversionRmId: firm.rm2.userId,
      expectedValue: '70.00',
      currency: 'USD',
      status: 'wip'
    });
    const again = await callerFor(firm.rm2).leads.board({ filter: { status: ['wip'] } });
    expect(again.columns).toEqual([{ status: 'wip', count: 6, value: '2900.00' }]);
  });

  it('shows each person only what he sees, column by column', async () => {
    for (const actor of [firm.rm, firm.rm2, firm.rmHead, firm.otherRm, firm.otherHead, firm.admin]) {
      const api = callerFor(actor);
      const { columns, items } = await api.leads.board({});
      for (const { status, count } of columns) {
        const list = await api.leads.list({ filter: { status: [status] }, limit: 100 });
        expect(list.total).toBe(count);
        const cards = items.filter((lead) => lead.status === status).map(({ id }) => id);
        expect(cards.sort()).toEqual(list.items.map(({ id }) => id).sort());
      }
    }
  });

  it('holds the first fifty of each column and says how many there are', async () => {
    await asSystem((tx) =>
      tx.execute(sql`insert into leads (name, conversion_rm_id, status)
        select 'many ' || n, ${firm.rm.userId}, 'new' from generate_series(1, 60) n`)
    );
    const { columns, items } = await callerFor(firm.rm).leads.board({ filter: { q: 'many' } });
    expect(columns[0]).toMatchObject({ status: 'new', count: 60 });
    expect(items).toHaveLength(50);
  });
});

describe('the first work on a lead', () => {
  it('brings it from new to in progress, once, and not before it has its RM', async () => {
    const id = await mintLead({ conversionRmId: firm.rm.userId });
    const api = callerFor(firm.rm);
    expect((await api.leads.byId({ id })).can.start).toBe(true);
    expect(await api.leads.start({ id, version: 1 })).toMatchObject({ status: 'wip', version: 2 });
    expect((await api.leads.byId({ id })).history[0]).toMatchObject({
      oldValues: { status: 'new' },
      newValues: { status: 'wip' }
    });
    await expect(callerFor(firm.rmHead).leads.start({ id, version: 1 })).rejects.toMatchObject({
      code: 'CONFLICT'
    });
    const waiting = await mintLead({ teamId: firm.teams.rm });
    await expect(callerFor(firm.rmHead).leads.start({ id: waiting })).rejects.toThrow(
      /Assign it to an RM first/
    );
  });
});

describe('assigning many leads', () => {
  it('is refused as a whole and says which one it was', async () => {
    const ids = [await mintLead({ teamId: firm.teams.rm }), await mintLead({ teamId: firm.teams.rm })];
    const hidden = await mintLead({ teamId: firm.teams.other });
    const denied = await mintLead({ teamId: firm.teams.rm, status: 'denied', denialReason: 'budget' });
    const head = callerFor(firm.rmHead);
    const rmId = firm.rm.userId;
    const number = (id: number) => `LD-${String(id).padStart(6, '0')}`;
    await expect(head.leads.assign({ ids: [...ids, hidden], rmId })).rejects.toThrow(
      `${number(hidden)} was not found, so no lead was assigned`
    );
    await expect(head.leads.assign({ ids: [...ids, 999_999], rmId })).rejects.toThrow(
      'LD-999999 was not found'
    );
    await expect(head.leads.assign({ ids: [...ids, denied], rmId })).rejects.toThrow(
      new RegExp(`lead ${number(denied)} is denied`)
    );
    for (const id of ids) expect((await head.leads.byId({ id })).rm).toBeNull();
  });
});

describe('a lead from a portfolio review', () => {
  it('names a conversation that its author sees, and no other', async () => {
    const own = await mintInteraction({
      clientId: await mintClient({ primaryRmId: firm.rm.userId }),
      userId: firm.rm.userId,
      purpose: 'portfolio_review'
    });
    const foreign = await mintInteraction({
      clientId: await mintClient({ primaryRmId: firm.otherRm.userId }),
      userId: firm.otherRm.userId
    });
    const api = callerFor(firm.rm);
    const { id } = await api.leads.create({ name: 'Cross-sell', originInteractionId: own });
    expect(await api.leads.byId({ id })).toMatchObject({ origin: { id: own } });
    await expect(api.leads.create({ name: 'Peek', originInteractionId: foreign })).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: 'Not found'
    });
  });
});
