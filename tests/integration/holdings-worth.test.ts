import { describe, expect, it } from 'vitest';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import { callerFor } from '#lib/platform/trpc/caller.server.ts';
import { mintClient, mintHolding } from '../support/records.ts';
import { firm, useTestFirm } from '../support/test-firm.ts';

useTestFirm();

describe('what a holding is worth', () => {
  it('is its units at the latest net asset value, exact, as of its day, while it is active', async () => {
    const clientId = await mintClient({ primaryRmId: firm.rm.userId });
    const admin = callerFor(firm.admin).catalogue;
    const fund = await admin.create({ name: 'Valued Fund', nav: '24.18051234', navOn: '2026-11-20' });
    const api = callerFor(firm.rm).holdings;
    const { id } = await api.add({ clientId, productId: fund.id, units: '1000000.000001' });
    expect(await api.byId({ id })).toMatchObject({
      value: '24180512.34',
      valueCurrency: 'INR',
      navOn: '2026-11-20'
    });
    await admin.update({ id: fund.id, version: 1, nav: '25', navOn: '2026-11-21' });
    expect((await api.list({ clientId })).items).toMatchObject([
      { value: '25000000.00', navOn: '2026-11-21' }
    ]);
    const { holdings } = await callerFor(firm.rm).clients.byId({ id: clientId });
    expect(holdings).toMatchObject([{ value: '25000000.00', valueCurrency: 'INR', navOn: '2026-11-21' }]);
    await api.update({ id, version: 1, status: 'redeemed' });
    expect(await api.byId({ id })).toMatchObject({ value: null });
  });

  it('is nothing without units or without a value of the day', async () => {
    const clientId = await mintClient({ primaryRmId: firm.rm.userId });
    const api = callerFor(firm.rm).holdings;
    await api.add({ clientId, productId: firm.productId, units: '10' });
    await api.add({ clientId, productName: 'Pump', units: '10' });
    expect((await api.list({ clientId })).items.map(({ value }) => value)).toEqual([null, null]);
  });
});

describe('totals', () => {
  it('of a client count active holdings, each currency for itself', async () => {
    const clientId = await mintClient({ primaryRmId: firm.rm.userId });
    const dollars = await callerFor(firm.admin).catalogue.create({
      name: 'Dollar Fund',
      currency: 'USD',
      nav: '1.5',
      navOn: '2026-11-20'
    });
    const api = callerFor(firm.rm).holdings;
    await api.add({ clientId, productName: 'One', amount: '100.10' });
    await api.add({ clientId, productName: 'Two', amount: '200.20' });
    await api.add({ clientId, productId: dollars.id, amount: '7', currency: 'USD', units: '10' });
    const { id } = await api.add({ clientId, productName: 'Gone', amount: '1000000' });
    await api.update({ id, version: 1, status: 'closed' });
    expect(await api.totals({ clientId })).toEqual({
      clients: 1,
      holdings: 3,
      units: '10.000000',
      currencies: [
        { currency: 'INR', invested: '300.30', value: null, valued: 0, asOf: null },
        { currency: 'USD', invested: '7.00', value: '15.00', valued: 1, asOf: '2026-11-20' }
      ]
    });
  });

  it('of a product hold what the viewer sees, and nobody else’s clients', async () => {
    const product = await callerFor(firm.admin).catalogue.create({ name: 'Shared Fund' });
    for (const [rm, amount] of [
      [firm.rm, '100.00'],
      [firm.rm, '50.00'],
      [firm.rm2, '20.00'],
      [firm.otherRm, '3.00']
    ] as const)
      await mintHolding({
        clientId: await mintClient({ primaryRmId: rm.userId }),
        productId: product.id,
        amount
      });
    const seen = async (actor: Actor) => {
      const api = callerFor(actor).holdings;
      const { clients, currencies } = await api.totals({ productId: product.id });
      const { total } = await api.list({ filter: { productId: product.id } });
      return [clients, total, currencies[0]?.invested];
    };
    expect(await seen(firm.rm)).toEqual([2, 2, '150.00']);
    expect(await seen(firm.rmHead)).toEqual([3, 3, '170.00']);
    expect(await seen(firm.admin)).toEqual([4, 4, '173.00']);
    expect(await seen(firm.ops)).toEqual([0, 0, undefined]);
  });
});
