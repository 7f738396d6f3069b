import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callerFor } from '#lib/platform/trpc/caller.server.ts';
import { closeDatabase } from '#lib/platform/db/transactions.server.ts';
import { useTestDatabase, type TestDatabase } from '../support/database.ts';
import { makeFirm, type TestFirm } from '../support/firm.ts';
import { mintClient, mintQuery, mintRequest } from '../support/records.ts';

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

describe('lists of the desk', () => {
  it('page through requests by due time, those without one last, with an exact total', async () => {
    const clientId = await mintClient({ primaryRmId: firm.rm.userId });
    const day = (n: number) => new Date(Date.UTC(2026, 10, n));
    const dues = [day(3), null, day(1), day(2), null];
    const ids: number[] = [];
    for (const dueAt of dues) ids.push(await mintRequest({ clientId, dueAt, teamId: firm.teams.ops }));
    const expected = [ids[2], ids[3], ids[0], ids[1], ids[4]];

    for (const actor of [firm.rm, firm.ops, firm.rmHead, firm.admin]) {
      const api = callerFor(actor);
      const seen: number[] = [];
      let cursor: string | undefined;
      do {
        const page = await api.requests.list({ filter: { clientId }, limit: 2, cursor });
        expect(page).toMatchObject({ total: 5, totalIsEstimate: false });
        seen.push(...page.items.map(({ id }) => id));
        cursor = page.nextCursor ?? undefined;
      } while (cursor);
      expect(seen).toEqual(expected);
    }
    expect((await callerFor(firm.otherRm).requests.list({ filter: { clientId } })).total).toBe(0);
  });

  it('shows a head the name and number alone of a client he does not see', async () => {
    const clientId = await mintClient({ primaryRmId: firm.rm.userId, name: 'Hidden Harbour' });
    const id = await mintRequest({ clientId, teamId: firm.teams.ops });
    const page = await callerFor(firm.otherHead).requests.list({ filter: { clientId } });
    expect(page.items[0]).toMatchObject({
      id,
      client: { id: null, name: 'Hidden Harbour', visible: false }
    });
    const own = await callerFor(firm.rm).requests.list({ filter: { clientId } });
    expect(own.items[0]).toMatchObject({ client: { visible: true } });
  });

  it('filter queries by what is overdue, mine and waited for', async () => {
    const clientId = await mintClient({ primaryRmId: firm.rm2.userId });
    const rmId = firm.rm2.userId;
    const late = await mintQuery({ clientId, rmId, dueAt: new Date(0) });
    await mintQuery({ clientId, rmId, waitingOn: 'client', status: 'in_progress' });
    const api = callerFor(firm.rm2);
    const ids = async (filter: NonNullable<Parameters<typeof api.queries.list>[0]>['filter']) =>
      (await api.queries.list({ filter })).items.map(({ id }) => id);
    expect(await ids({ overdue: true })).toEqual([late]);
    expect(await ids({ mine: true })).toHaveLength(2);
    expect(await ids({ waitingOn: 'nobody' })).toEqual([late]);
    expect(await ids({ q: 'Question' })).toHaveLength(2);
    expect(await ids({ q: '100%_' })).toEqual([]);
  });

  it('refuse a cursor of another list', async () => {
    const cursor = Buffer.from('["x",1]').toString('base64url');
    await expect(callerFor(firm.rm).requests.list({ cursor })).rejects.toThrow(/first page/);
  });
});
