import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sql, type SQL } from 'drizzle-orm';
import postgres from 'postgres';
import { pageQuery } from '#lib/clients/listing-queries.server.ts';
import { listingOf } from '#lib/clients/listing.server.ts';
import { CLIENT_SORTS } from '#lib/clients/model.ts';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import { observeStatements } from '#lib/platform/db/lease.server.ts';
import { asActor, asSystem, closeDatabase } from '#lib/platform/db/transactions.server.ts';
import { callerFor } from '#lib/platform/trpc/caller.server.ts';
import { useTestDatabase, type TestDatabase } from '../support/database.ts';
import { makeFirm, type TestFirm } from '../support/firm.ts';
import { mintClient, mintInteraction, mintQuery, mintRequest } from '../support/records.ts';

let database: TestDatabase;
let firm: TestFirm;

const MANY = 3000;

beforeAll(async () => {
  database = await useTestDatabase();
  firm = await makeFirm();
  const owners = `{${[firm.rm.userId, firm.rm2.userId, firm.otherRm.userId, firm.otherHead.userId].join(',')}}`;
  await asSystem((tx) =>
    tx.execute(sql`
      insert into clients (kind, name, type, tier, pan_exempt_reason, primary_rm_id, next_review_on, created_at)
      select 'individual', 'Client ' || md5(g::text), case when g % 7 = 0 then 'huf' else 'individual' end,
        case when g % 5 = 0 then 'gold' end, 'test', (${owners}::bigint[])[1 + g % 4],
        case when g % 3 = 0 then date '2026-01-01' + g % 300 end, now() - g % 50 * interval '1 hour'
      from generate_series(1, ${MANY}) g`)
  );
  const superuser = postgres(database.superuserUrl, { max: 1 });
  await superuser`update clients set lifecycle = 'archived' where id % 100 = 3`;
  await superuser`update clients set language = 'Marathi' where id % 9 = 1`;
  await superuser`insert into client_tags (client_id, tag) select id, 'nri' from clients where id % 11 = 2`;
  await superuser`analyze`;
  await superuser.end();
});

afterAll(async () => {
  await closeDatabase();
  await database.drop();
});

const api = (actor: Actor) => callerFor(actor).clients;
type ListInput = Parameters<ReturnType<typeof api>['list']>[0];

/** Reads a list to its end, page by page. */
async function readAll(actor: Actor, input: ListInput) {
  const items = [];
  let cursor: string | undefined;
  do {
    const page = await api(actor).list({ ...input, limit: 100, ...(cursor && { cursor }) });
    items.push(...page.items);
    cursor = page.nextCursor ?? undefined;
  } while (cursor);
  return items;
}

const ids = (items: { id: number }[]) => items.map((item) => item.id).sort((a, b) => a - b);

const ACTIVE = sql`c.lifecycle = 'active'`;

async function visibleIds(actor: Actor, condition: SQL = ACTIVE): Promise<number[]> {
  const rows = await asActor(actor, (tx) =>
    tx.execute<{ id: number }>(sql`select c.id from clients c where ${condition} order by c.id`)
  );
  return rows.map((row) => row.id);
}

async function planOf(actor: Actor, input: ListInput): Promise<string> {
  const rows = await asActor(actor, (tx) =>
    tx.execute<{ 'QUERY PLAN': string }>(sql`explain ${pageQuery(listingOf(actor, input))}`)
  );
  return rows.map((row) => row['QUERY PLAN']).join('\n');
}

describe('the list of clients', () => {
  it('holds each client the actor sees once, in order, whatever it is sorted by', async () => {
    for (const by of CLIENT_SORTS)
      for (const direction of ['asc', 'desc'] as const) {
        const items = await readAll(firm.rmHead, { sort: { by, direction } });
        expect(ids(items), `${by} ${direction}`).toEqual(await visibleIds(firm.rmHead));
        if (by !== 'rm') continue;
        const all = await readAll(firm.admin, { sort: { by, direction } });
        expect(ids(all)).toEqual(await visibleIds(firm.admin));
        const rms = all.map(({ rm }) => rm?.name.toLowerCase() ?? '');
        expect(rms).toEqual(
          [...rms].sort((a, b) => (direction === 'asc' ? 1 : -1) * (a < b ? -1 : a > b ? 1 : 0))
        );
      }
    const names = (await readAll(firm.rm, {})).map((item) => item.name);
    expect(names).toEqual([...names].sort());
    expect(names.length).toBe(MANY / 4);
  });

  it('counts what the actor sees and nothing else', async () => {
    expect(await api(firm.rm).list({})).toMatchObject({ total: 750, totalIsEstimate: false });
    expect(await api(firm.rmHead).list({})).toMatchObject({ total: 1500 });
    expect(await api(firm.ops).list({})).toMatchObject({ total: 0, items: [], nextCursor: null });
    const all = await api(firm.admin).list({});
    expect(all).toMatchObject({ totalIsEstimate: true });
    expect(all.total).toBeGreaterThanOrEqual(MANY - MANY / 100);
    const archivedToo = await api(firm.admin).list({ filter: { lifecycle: 'all' } });
    expect(archivedToo.total).toBeGreaterThanOrEqual(MANY);
  });

  it('narrows by each filter under the actor’s visibility', async () => {
    const cases: [NonNullable<NonNullable<ListInput>['filter']>, SQL][] = [
      [{ type: 'huf' }, sql`c.type = 'huf'`],
      [{ tier: 'gold' }, sql`c.tier = 'gold'`],
      [{ rmId: firm.rm2.userId }, sql`c.primary_rm_id = ${firm.rm2.userId}`],
      [{ rmId: firm.otherRm.userId }, sql`c.primary_rm_id = ${firm.otherRm.userId}`],
      [{ attention: 'never' }, sql`c.last_contact_at is null`],
      [{ lifecycle: 'archived' }, sql`c.lifecycle = 'archived'`],
      [{ lifecycle: 'all' }, sql`true`],
      [{ language: 'Marathi' }, sql`c.language = 'Marathi'`],
      [{ reviewDue: 'overdue' }, sql`c.next_review_on < current_date`],
      [{ reviewDue: 'none' }, sql`c.next_review_on is null`],
      [{ tag: 'nri' }, sql`exists (select 1 from client_tags t where t.client_id = c.id and t.tag = 'nri')`],
      [{ q: 'client a' }, sql`c.name like 'Client a%'`],
      [
        { type: 'huf', tier: 'gold', rmId: firm.rm.userId },
        sql`c.type = 'huf' and c.tier = 'gold' and c.primary_rm_id = ${firm.rm.userId}`
      ]
    ];
    for (const actor of [firm.rm, firm.rmHead, firm.admin])
      for (const [filter, condition] of cases) {
        const states = filter.lifecycle ? condition : sql`${condition} and ${ACTIVE}`;
        const expected = await visibleIds(actor, states);
        expect(ids(await readAll(actor, { filter })), JSON.stringify(filter)).toEqual(expected);
        const { total, totalIsEstimate } = await api(actor).list({ filter });
        if (!totalIsEstimate) expect(total).toBe(expected.length);
      }
  });

  it('shows open work, the last contact and how urgent the client is', async () => {
    const id = await mintClient({
      name: 'AAA first',
      primaryRmId: firm.rm.userId,
      nextReviewOn: '2027-01-05'
    });
    await mintQuery({ clientId: id, rmId: firm.rm.userId });
    await mintQuery({ clientId: id, rmId: firm.rm.userId, status: 'resolved', resolution: 'done' });
    await mintRequest({ clientId: id, teamId: firm.teams.ops });
    const occurredAt = new Date(Date.now() - 70 * 86_400_000);
    await mintInteraction({ clientId: id, userId: firm.rm.userId, occurredAt });
    await mintInteraction({ clientId: id, userId: firm.rm.userId, missed: true });
    const { items } = await api(firm.rm).list({ limit: 1 });
    expect(items).toMatchObject([
      {
        id,
        openWork: 2,
        attention: 'warning',
        lastContactAt: occurredAt,
        lastContactChannel: 'call',
        nextReviewOn: '2027-01-05',
        rm: { name: 'Ravi Manager' }
      }
    ]);
  });

  it('colours attention as the filter does, by days of the firm', async () => {
    const now = Date.now();
    for (const hours of [59.5, 60, 60.5, 61, 89.9, 90, 90.5, 91, 92, 400].map((days) => days * 24)) {
      const id = await mintClient({ name: `Zzz ${hours}`, primaryRmId: firm.otherRm.userId });
      const occurredAt = new Date(now - hours * 3_600_000);
      await mintInteraction({ clientId: id, userId: firm.otherRm.userId, occurredAt });
    }
    const usual = (days: number | null) =>
      Number(days) > 90 ? 'urgent' : Number(days) > 60 ? 'warning' : 'fine';
    const dayOf = (at: Date | number) =>
      Date.parse(new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Kolkata' }).format(at)) / 86_400_000;
    for (const attention of ['urgent', 'warning', 'fine'] as const) {
      const items = await readAll(firm.otherRm, { filter: { attention } });
      expect(items.length).toBeGreaterThan(1);
      for (const item of items) {
        const days = dayOf(now) - dayOf(item.lastContactAt ?? 0);
        expect(item).toMatchObject({ attention, daysSinceContact: days, urgentAfterDays: 90 });
        expect(usual(days)).toBe(attention);
      }
    }
  });

  it('refuses a cursor it did not make', async () => {
    for (const cursor of ['x', 'eyJhIjoxfQ', Buffer.from('[1]').toString('base64url')])
      await expect(api(firm.rm).list({ cursor })).rejects.toThrow(/first page/);
  });
});

describe('what a list costs', () => {
  it('is a walk along an index, for one RM, for a head and for administrators', async () => {
    for (const actor of [firm.rm, firm.rmHead]) {
      const plan = await planOf(actor, {});
      expect(plan).toContain('client_access_sorted');
      expect(plan).not.toMatch(/Seq Scan/);
    }
    const INDEXES = {
      name: 'clients_sort',
      type: 'clients_type',
      openWork: 'clients_open_work',
      lastContact: 'clients_last_contact',
      nextReview: 'clients_review_order',
      created: 'clients_created'
    } as const;
    for (const by of Object.keys(INDEXES) as (keyof typeof INDEXES)[])
      for (const direction of ['asc', 'desc'] as const) {
        const all = await planOf(firm.admin, { sort: { by, direction } });
        expect(all).toContain(INDEXES[by]);
        expect(all).not.toMatch(/Seq Scan|Sort Key/);
      }
    expect(await planOf(firm.admin, { sort: { by: 'rm' } })).toContain('clients_primary_rm');
  });

  it('is few statements, and not one more for more clients', async () => {
    const statements: string[] = [];
    const count = async (limit: number, input: ListInput = {}) => {
      statements.length = 0;
      await observeStatements(
        (text) => statements.push(text),
        () => api(firm.rmHead).list({ ...input, limit })
      );
      return statements.filter((text) => !/^(begin|set|commit)/.test(text)).length;
    };
    expect(await count(1)).toBe(await count(100));
    expect(await count(50)).toBeLessThanOrEqual(4);
    const { items } = await api(firm.rmHead).list({ limit: 1 });
    statements.length = 0;
    await observeStatements(
      (text) => statements.push(text),
      () => api(firm.rmHead).byId({ id: items[0]?.id ?? 0 })
    );
    expect(statements.filter((text) => !/^(begin|set|commit)/.test(text)).length).toBeLessThanOrEqual(12);
  });
});
