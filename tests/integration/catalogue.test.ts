import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { closeDatabase } from '#lib/platform/db/transactions.server.ts';
import { callerFor } from '#lib/platform/trpc/caller.server.ts';
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

describe('the catalogue', () => {
  it('is kept by administrators and read by everybody', async () => {
    const admin = callerFor(firm.admin).catalogue;
    const product = await admin.create({ name: 'Liquid Fund – Growth', sku: 'LF-1', price: '10.50' });
    expect(product).toMatchObject({ price: '10.50', currency: 'INR', active: true, version: 1 });
    for (const actor of [firm.rm, firm.ops, firm.rmHead]) {
      const api = callerFor(actor).catalogue;
      expect(await api.byId({ id: product.id })).toMatchObject({ name: 'Liquid Fund – Growth' });
      await expect(api.create({ name: 'Mine' })).rejects.toMatchObject({ code: 'FORBIDDEN' });
      await expect(api.update({ id: product.id, version: 1 })).rejects.toMatchObject({ code: 'FORBIDDEN' });
    }
  });

  it('has each name, SKU and scheme code once, however they are spelled', async () => {
    const api = callerFor(firm.admin).catalogue;
    await api.create({ name: 'GTX Pro', sku: 'G-1' });
    await expect(api.create({ name: 'gtx-PRO' })).rejects.toThrow(/Another product/);
    await expect(api.create({ name: 'Other', sku: 'G-1' })).rejects.toThrow(/Another product/);
    await expect(api.create({ name: '—' })).rejects.toThrow(/letter or a digit/);
  });

  it('shows the present row to somebody who was slower', async () => {
    const api = callerFor(firm.admin).catalogue;
    const { id } = await api.create({ name: 'Racing Fund' });
    await api.update({ id, version: 1, category: 'Equity' });
    await expect(api.update({ id, version: 1, category: 'Debt' })).rejects.toMatchObject({
      code: 'CONFLICT',
      cause: { details: { current: { category: 'Equity', version: 2 } } }
    });
    expect(await api.update({ id, version: 2, category: '' })).toMatchObject({ category: null });
  });

  it('is listed in pages and found while typing', async () => {
    const admin = callerFor(firm.admin).catalogue;
    for (let n = 0; n < 5; n++) await admin.create({ name: `Zeta ${n}`, category: 'Zeta', active: n > 0 });
    const api = callerFor(firm.rm).catalogue;
    const first = await api.list({ filter: { category: 'Zeta' }, limit: 3 });
    expect(first).toMatchObject({ total: 5, totalIsEstimate: false });
    const second = await api.list({ filter: { category: 'Zeta' }, limit: 3, cursor: first.nextCursor ?? '' });
    expect([...first.items, ...second.items].map((item) => item.name)).toEqual(
      [0, 1, 2, 3, 4].map((n) => `Zeta ${n}`)
    );
    expect((await api.search({ q: 'zet' })).map((item) => item.name)).toEqual(
      [1, 2, 3, 4].map((n) => `Zeta ${n}`)
    );
    expect(await api.search({ q: '100%' })).toEqual([]);
    await expect(api.byId({ id: 999_999 })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});
