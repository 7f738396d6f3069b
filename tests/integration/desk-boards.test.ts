import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sql, type SQL } from 'drizzle-orm';
import { QUERY_SORTS, REQUEST_SORTS } from '#lib/desk/inputs.ts';
import { asActor, asSystem, closeDatabase } from '#lib/platform/db/transactions.server.ts';
import { callerFor } from '#lib/platform/trpc/caller.server.ts';
import { useTestDatabase, type TestDatabase } from '../support/database.ts';
import { makeFirm, type TestFirm } from '../support/firm.ts';
import { mintClient, mintQuery, mintRequest } from '../support/records.ts';

let database: TestDatabase;
let firm: TestFirm;
const clients = { mine: 0, others: 0 };

beforeAll(async () => {
  database = await useTestDatabase();
  firm = await makeFirm();
  clients.mine = await mintClient({ primaryRmId: firm.rm.userId, name: 'Anand Kulkarni' });
  clients.others = await mintClient({ primaryRmId: firm.otherRm.userId, name: 'Zubin Wadia' });
  const resolved = { status: 'resolved' as const, resolution: 'So' };
  await mintQuery({ clientId: clients.mine, rmId: firm.rm.userId, subject: 'Exit load', priority: 'urgent' });
  await mintQuery({
    clientId: clients.mine,
    rmId: firm.rm2.userId,
    subject: 'Nominee',
    status: 'in_progress'
  });
  await mintQuery({ clientId: clients.mine, rmId: firm.rm.userId, subject: 'Tax proof', ...resolved });
  await mintQuery({ clientId: clients.others, rmId: firm.otherRm.userId, subject: 'Exit load again' });
  for (const priority of ['low', 'urgent', 'normal'] as const)
    await mintRequest({ clientId: clients.mine, teamId: firm.teams.ops, priority });
  await mintRequest({
    clientId: clients.others,
    teamId: firm.teams.ops,
    assigneeId: firm.ops2.userId,
    status: 'in_progress'
  });
});

afterAll(async () => {
  await closeDatabase();
  await database.drop();
});

describe('a board of the desk', () => {
  it('has a column for each status with what the person sees in it', async () => {
    for (const actor of [firm.rm, firm.rm2, firm.otherRm, firm.rmHead, firm.ops, firm.admin]) {
      const api = callerFor(actor);
      const board = await api.queries.board({});
      expect(board.columns.map(({ status }) => status)).toEqual([
        'open',
        'in_progress',
        'resolved',
        'closed'
      ]);
      const all = await api.queries.list({ filter: {} });
      expect(board.items.map(({ id }) => id).sort()).toEqual(all.items.map(({ id }) => id).sort());
      for (const { status, count } of board.columns)
        expect(count).toBe((await api.queries.list({ filter: { status: [status] } })).total);
      const requests = await api.requests.board({});
      const listed = await api.requests.list({ filter: {} });
      expect(requests.items.map(({ id }) => id).sort()).toEqual(listed.items.map(({ id }) => id).sort());
      expect(requests.columns.reduce((sum, { count }) => sum + count, 0)).toBe(listed.total);
    }
  });

  it('says of each card what the person may do with it, and of nobody whose client it is', async () => {
    const [card] = (await callerFor(firm.rm).queries.board({ filter: { status: ['open'] } })).items;
    expect(card).toMatchObject({ can: { start: true, resolve: true, close: false } });
    expect(card).not.toHaveProperty('primaryRmId');
    const seen = (await callerFor(firm.otherHead).requests.board({})).items.find(
      ({ client }) => !client.visible
    );
    expect(seen).toMatchObject({ client: { id: null, visible: false }, can: { start: false } });
  });

  it('takes the filters of the list', async () => {
    const { items, columns } = await callerFor(firm.rmHead).queries.board({
      filter: { q: 'exit load', status: ['open', 'in_progress'] }
    });
    expect(columns.map(({ status, count }) => [status, count])).toEqual([
      ['open', 1],
      ['in_progress', 0]
    ]);
    expect(items.map(({ subject }) => subject)).toEqual(['Exit load']);
  });
});

describe('lists of the desk', () => {
  const paged = async (
    list: (cursor?: string) => Promise<{ items: { id: number }[]; nextCursor: string | null }>
  ) => {
    const ids: number[] = [];
    let cursor: string | undefined;
    do {
      const page = await list(cursor);
      ids.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor ?? undefined;
    } while (cursor);
    return ids;
  };

  it('sort by every column, either way, through all pages', async () => {
    for (const actor of [firm.rm, firm.rmHead, firm.admin]) {
      const api = callerFor(actor);
      for (const direction of ['asc', 'desc'] as const) {
        for (const by of QUERY_SORTS) {
          const whole = (await api.queries.list({ sort: { by, direction } })).items.map(({ id }) => id);
          const ids = await paged((cursor) =>
            api.queries.list({ sort: { by, direction }, cursor, limit: 1 })
          );
          expect(ids, `queries by ${by}`).toEqual(whole);
        }
        for (const by of REQUEST_SORTS) {
          const whole = (await api.requests.list({ sort: { by, direction } })).items.map(({ id }) => id);
          const ids = await paged((cursor) =>
            api.requests.list({ sort: { by, direction }, cursor, limit: 1 })
          );
          expect(ids, `requests by ${by}`).toEqual(whole);
        }
      }
    }
    const { items } = await callerFor(firm.rm).requests.list({ sort: { by: 'priority' } });
    expect(items.map(({ priority }) => priority)).toEqual(['urgent', 'normal', 'low']);
  });

  it('find by number, subject and client’s name among what the person sees', async () => {
    const api = callerFor(firm.rm);
    const subjects = async (q: string) =>
      (await api.queries.list({ filter: { q } })).items.map(({ subject }) => subject);
    const [first] = (await api.queries.list({ filter: { q: 'Exit' } })).items;
    expect(await subjects('exit load')).toEqual(['Exit load']);
    expect(await subjects(first?.number.toLowerCase() ?? '')).toEqual(['Exit load']);
    expect(await subjects('kulkarni')).toHaveLength(3);
    expect(await subjects('Kulkarny')).toHaveLength(3);
    expect(await subjects('Wadia')).toEqual([]);
    expect(await subjects("%' or 1=1")).toEqual([]);
    const requests = async (actor: TestFirm['rm'], q: string) =>
      (await callerFor(actor).requests.list({ filter: { q } })).total;
    expect(await requests(firm.rm, 'wadia')).toBe(0);
    expect(await requests(firm.rmHead, 'wadia')).toBe(1);
    expect(await requests(firm.ops, 'wadia')).toBe(1);
    expect(await requests(firm.otherOps, 'kulkarni')).toBe(0);
  });

  it('find nothing that is hidden, also where row level security is out of the way', async () => {
    for (const actor of [firm.rm, firm.rm2, firm.otherRm, firm.rmHead, firm.ops, firm.otherOps, firm.admin]) {
      const found = (call: SQL) =>
        asActor(actor, async (tx) => (await tx.execute<{ id: number }>(call)).map(({ id }) => id).sort());
      const api = callerFor(actor);
      const ids = (rows: { id: number }[]) => rows.map(({ id }) => id).sort();
      expect(await found(sql`select id from app.find_queries('exit', 100)`)).toEqual(
        ids((await api.queries.list({ filter: {} })).items.filter(({ subject }) => /exit/i.test(subject)))
      );
      expect(await found(sql`select id from app.find_requests('SR-', 100)`)).toEqual(
        ids((await api.requests.list({ filter: {} })).items)
      );
    }
  });

  it('find what is due today and this week by the firm’s days, without what is overdue', async () => {
    const clientId = await mintClient({ primaryRmId: firm.rm2.userId });
    const rmId = firm.rm2.userId;
    const at = async (expression: string) => {
      const [row] = await asSystem((tx) =>
        tx.execute<{ at: string }>(
          sql`select ((${sql.raw(expression)}) at time zone time_zone)::text as at from (
            select time_zone, date_trunc('day', now() at time zone time_zone) as today from firm_settings) f`
        )
      );
      return new Date(row?.at ?? 0);
    };
    const due = {
      late: new Date(Date.now() - 3_600_000),
      today: await at(`today + interval '23 hours 59 minutes 59 seconds'`),
      sunday: await at(`date_trunc('week', today) + interval '6 days 23 hours 59 minutes 59 seconds'`),
      monday: await at(`date_trunc('week', today) + interval '7 days 1 minute'`)
    };
    for (const [subject, dueAt] of Object.entries(due)) await mintQuery({ clientId, rmId, subject, dueAt });
    const found = async (when: 'overdue' | 'today' | 'week') =>
      (await callerFor(firm.rm2).queries.list({ filter: { due: when, clientId } })).items.map(
        ({ subject }) => subject
      );
    expect(await found('overdue')).toEqual(['late']);
    expect(await found('today')).toContain('today');
    expect(await found('today')).not.toContain('monday');
    expect(await found('week')).toEqual(expect.arrayContaining(['today', 'sunday']));
    expect(await found('week')).not.toEqual(expect.arrayContaining(['monday']));
    expect(await found('week')).not.toContain('late');
  });
});

describe('many at once', () => {
  it('take a priority together, or none of them does', async () => {
    const ids = [
      await mintRequest({ clientId: clients.mine, teamId: firm.teams.ops }),
      await mintRequest({ clientId: clients.mine, teamId: firm.teams.ops })
    ];
    const head = callerFor(firm.opsHead);
    await head.requests.prioritise({ ids, priority: 'urgent' });
    const urgent = await head.requests.list({ filter: { clientId: clients.mine, priority: ['urgent'] } });
    expect(urgent.items.map(({ id }) => id)).toEqual(expect.arrayContaining(ids));
    const done = await mintRequest({ clientId: clients.mine, teamId: firm.teams.ops, status: 'completed' });
    await expect(head.requests.prioritise({ ids: [...ids, done], priority: 'low' })).rejects.toThrow(
      /is finished/
    );
    expect((await head.requests.byId({ id: ids[0] ?? 0 })).priority).toBe('urgent');
  });

  it('say which third party has the work, and only a third party', async () => {
    const id = await mintRequest({
      clientId: clients.mine,
      assigneeId: firm.ops.userId,
      teamId: firm.teams.ops,
      status: 'in_progress'
    });
    const ops = callerFor(firm.ops);
    await ops.requests.wait({ id, waitingOn: 'third_party', waitingParty: 'registrar', reason: 'Sent on' });
    expect(await ops.requests.byId({ id })).toMatchObject({
      waitingOn: 'third_party',
      waitingParty: 'registrar'
    });
    await ops.requests.wait({ id, waitingOn: 'client', waitingParty: 'bank', reason: 'Form' });
    expect(await ops.requests.byId({ id })).toMatchObject({ waitingOn: 'client', waitingParty: null });
    await ops.requests.resume({ id });
    await expect(ops.requests.resume({ id })).rejects.toThrow(/Possible now: wait, complete, reject/);
  });
});
