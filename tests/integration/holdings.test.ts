import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { closeDatabase } from '#lib/platform/db/transactions.server.ts';
import { callerFor } from '#lib/platform/trpc/caller.server.ts';
import { useTestDatabase, type TestDatabase } from '../support/database.ts';
import { makeFirm, type TestFirm } from '../support/firm.ts';
import { mintClient, mintHolding, mintRequest } from '../support/records.ts';

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

describe('a holding', () => {
  it('keeps the product’s name as it was, and money to the paisa', async () => {
    const clientId = await mintClient({ primaryRmId: firm.rm.userId });
    const api = callerFor(firm.rm).holdings;
    const { id } = await api.add({
      clientId,
      productId: firm.productId,
      folio: '123/45',
      mode: 'sip',
      amount: '10000000000000.01',
      units: '12.345678',
      startedOn: '2026-11-01'
    });
    const admin = callerFor(firm.admin).catalogue;
    const product = await admin.byId({ id: firm.productId });
    await admin.update({ id: product.id, version: product.version, name: 'Renamed Fund' });
    expect(await api.list({ clientId })).toMatchObject({
      items: [
        {
          id,
          productName: 'Balanced Fund',
          amount: '10000000000000.01',
          units: '12.345678',
          startedOn: '2026-11-01',
          client: { id: clientId }
        }
      ],
      total: 1,
      nextCursor: null
    });
    expect((await callerFor(firm.rm).clients.byId({ id: clientId })).holdings).toMatchObject([{ id }]);
  });

  it('may be an owned item that no catalogue knows, but not nothing', async () => {
    const clientId = await mintClient({ primaryRmId: firm.rm.userId });
    const api = callerFor(firm.rm).holdings;
    await expect(api.add({ clientId })).rejects.toThrow(/Name the product/);
    await expect(api.add({ clientId, productId: 999_999 })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    for (const amount of ['ten', '-1', '1.234', '1e5', '9'.repeat(15)])
      await expect(api.add({ clientId, productName: 'Pump', amount })).rejects.toMatchObject({
        code: 'BAD_REQUEST'
      });
    await expect(api.add({ clientId, productName: 'Pump', startedOn: '2026-02-30' })).rejects.toMatchObject({
      code: 'BAD_REQUEST'
    });
    await api.add({ clientId, kind: 'owned', productName: 'Pump', serialNumbers: ['P-1', 'P-2'] });
    expect((await api.list({ clientId })).items).toMatchObject([{ serialNumbers: ['P-1', 'P-2'] }]);
  });

  it('is changed by who may, and shows the present row to somebody who was slower', async () => {
    const clientId = await mintClient({ primaryRmId: firm.rm.userId });
    const id = await mintHolding({ clientId, folio: 'old' });
    const api = callerFor(firm.rm).holdings;
    expect(await api.update({ id, version: 1, folio: '', status: 'closed' })).toMatchObject({
      folio: null,
      status: 'closed',
      version: 2
    });
    await expect(api.update({ id, version: 1, folio: 'mine' })).rejects.toMatchObject({
      code: 'CONFLICT',
      cause: { details: { current: { version: 2, folio: null } } }
    });
    await expect(api.update({ id, version: 2, clientId: 1 } as never)).rejects.toMatchObject({
      code: 'BAD_REQUEST'
    });
  });

  it('is added by operations once the work is theirs', async () => {
    const clientId = await mintClient({ primaryRmId: firm.rm.userId });
    await mintRequest({ clientId, teamId: firm.teams.ops });
    const add = () => callerFor(firm.ops).holdings.add({ clientId, productId: firm.productId });
    await expect(add()).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await mintRequest({ clientId, teamId: firm.teams.ops, assigneeId: firm.ops.userId });
    await add();
  });

  it('is paged', async () => {
    const clientId = await mintClient({ primaryRmId: firm.rm.userId });
    for (let n = 0; n < 5; n++) await mintHolding({ clientId });
    const api = callerFor(firm.rm).holdings;
    const first = await api.list({ clientId, limit: 3 });
    const second = await api.list({ clientId, limit: 3, cursor: first.nextCursor ?? '' });
    expect([first.items.length, second.items.length, second.nextCursor]).toEqual([3, 2, null]);
    expect(new Set([...first.items, ...second.items].map((item) => item.id)).size).toBe(5);
  });
});
