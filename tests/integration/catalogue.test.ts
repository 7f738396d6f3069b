import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Sql } from 'postgres';
import { roleGrants } from '#lib/people/schema.server.ts';
import { actorOf } from '#lib/platform/auth/actor.server.ts';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import { asSystem, closeDatabase } from '#lib/platform/db/transactions.server.ts';
import { callerFor } from '#lib/platform/trpc/caller.server.ts';
import { useTestDatabase, type TestDatabase } from '../support/database.ts';
import { makeFirm, type TestFirm } from '../support/firm.ts';
import { mintClient, mintHolding, mintLead } from '../support/records.ts';
import { lookInto } from '../support/sales-sample/running.ts';
import { runSchemes, SCHEMES_SAMPLE } from '../support/schemes-sample/sample.ts';

let database: TestDatabase;
let firm: TestFirm;
let sql: Sql;

beforeAll(async () => {
  database = await useTestDatabase();
  firm = await makeFirm();
  sql = lookInto(database);
  await runSchemes(SCHEMES_SAMPLE);
});

afterAll(async () => {
  await closeDatabase();
  await sql.end();
  await database.drop();
});

describe('the catalogue', () => {
  it('is kept by administrators and read by everybody', async () => {
    const admin = callerFor(firm.admin).catalogue;
    const product = await admin.create({ name: 'Liquid Fund – Growth', sku: 'LF-1', price: '10.50' });
    expect(product).toMatchObject({
      price: '10.50',
      currency: 'INR',
      kind: 'other',
      active: true,
      version: 1
    });
    for (const actor of [firm.rm, firm.ops, firm.rmHead]) {
      const api = callerFor(actor).catalogue;
      expect(await api.byId({ id: product.id })).toMatchObject({
        name: 'Liquid Fund – Growth',
        can: { manage: false }
      });
      await expect(api.create({ name: 'Mine' })).rejects.toMatchObject({ code: 'FORBIDDEN' });
      await expect(api.update({ id: product.id, version: 1 })).rejects.toMatchObject({ code: 'FORBIDDEN' });
      await expect(api.remove({ id: product.id, version: 1 })).rejects.toMatchObject({ code: 'FORBIDDEN' });
    }
  });

  it('has each name, SKU and scheme code once, however they are spelled', async () => {
    const api = callerFor(firm.admin).catalogue;
    await api.create({ name: 'GTX Pro', sku: 'G-1' });
    await expect(api.create({ name: 'gtx-PRO' })).rejects.toThrow(/Another product/);
    await expect(api.create({ name: 'Other', sku: 'G-1' })).rejects.toThrow(/Another product/);
    await expect(api.create({ name: 'Other', schemeCode: '900101' })).rejects.toThrow(/Another product/);
    await expect(api.create({ name: '—' })).rejects.toThrow(/letter or a digit/);
  });

  it('takes categories of the managed list only, and keeps what an import found', async () => {
    const api = callerFor(firm.admin).catalogue;
    await expect(api.create({ name: 'Odd one', category: 'Odd' })).rejects.toMatchObject({
      code: 'UNPROCESSABLE_CONTENT',
      cause: { details: { field: 'category' } }
    });
    const { id } = await api.create({ name: 'Cover one', category: 'life_insurance' });
    expect(await api.byId({ id })).toMatchObject({ categoryLabel: 'Life insurance' });
    await sql`update products set category = 'GTX' where id = ${id}`;
    expect(await api.update({ id, version: 1, category: 'GTX', sku: 'C-1' })).toMatchObject({
      category: 'GTX',
      categoryLabel: 'GTX'
    });
  });

  it.each([
    { price: '1.234' },
    { price: 'ten' },
    { nav: '1.123456789' },
    { nav: '-1' },
    { navOn: '2026-02-30' },
    { isin: 'INF 209' },
    { currency: 'rupees' },
    { sku: 'x'.repeat(51) }
  ])('refuses %j', async (wrong) => {
    const creating = callerFor(firm.admin).catalogue.create({ name: 'Wrong', ...wrong });
    await expect(creating).rejects.toMatchObject({ code: 'BAD_REQUEST' });
  });

  it('shows the present row to somebody who was slower', async () => {
    const api = callerFor(firm.admin).catalogue;
    const { id } = await api.create({ name: 'Racing Fund', nav: '24.5' });
    await api.update({ id, version: 1, category: 'bond' });
    await expect(api.update({ id, version: 1, category: 'deposit' })).rejects.toMatchObject({
      code: 'CONFLICT',
      cause: { details: { current: { category: 'bond', nav: '24.5', version: 2 } } }
    });
    expect(await api.update({ id, version: 2, category: '' })).toMatchObject({ category: null });
  });

  it('keeps script and other scripts as they were typed', async () => {
    const name = '<script>alert(1)</script> صندوق 🙂';
    const { id } = await callerFor(firm.admin).catalogue.create({ name });
    expect(await callerFor(firm.rm).catalogue.byId({ id })).toMatchObject({ name });
  });
});

describe('the list of products', () => {
  it('is paged in every order, each product once', async () => {
    const api = callerFor(firm.rm).catalogue;
    for (const by of ['name', 'fundHouse', 'nav', 'navOn', 'created'] as const)
      for (const direction of ['asc', 'desc'] as const) {
        const ids: number[] = [];
        let cursor: string | undefined;
        do {
          const page = await api.list({ sort: { by, direction }, limit: 4, ...(cursor ? { cursor } : {}) });
          ids.push(...page.items.map((item) => item.id));
          cursor = page.nextCursor ?? undefined;
        } while (cursor);
        const { total } = await api.list({});
        expect([by, direction, new Set(ids).size, ids.length]).toEqual([by, direction, total, total]);
      }
  });

  it('narrows by kind, category, fund house, state and words', async () => {
    const api = callerFor(firm.rm).catalogue;
    const names = async (filter: NonNullable<Parameters<typeof api.list>[0]>['filter']) =>
      (await api.list({ filter })).items.map((item) => item.schemeCode);
    expect(await names({ kind: 'scheme', category: 'Income' })).toEqual(['900301', '900302']);
    expect(await names({ fundHouse: 'Lantern Mutual Fund' })).toEqual(['900201']);
    expect(await names({ q: 'growth lantern' })).toEqual(['900201']);
    expect(await names({ kind: 'scheme', active: false })).toEqual([]);
    expect(await names({ q: '%' })).toEqual([]);
    await callerFor(firm.admin).catalogue.create({ name: 'Pension one', category: 'pension' });
    expect((await api.list({ filter: { category: 'pension' } })).total).toBe(1);
    const choices = await api.choices();
    expect(choices.fundHouses).toContain('Lantern Mutual Fund (IDF)');
    expect(choices.categories).toContainEqual({ value: 'Income', label: 'Income' });
    expect(choices.categories).toContainEqual({ value: 'pension', label: 'Pension' });
    expect(choices.managed).toContainEqual({ value: 'mutual_fund', label: 'Mutual fund' });
  });
});

describe('the typeahead', () => {
  const found = async (q: string) =>
    (await callerFor(firm.rm).catalogue.search({ q })).map((item) => item.schemeCode);

  it.each([
    ['a code', '900301', '900301'],
    ['an ISIN', 'inf0aa101017', '900101'],
    ['the ISIN of reinvestment', 'INF0AA101033', '900102'],
    ['a fund house and a word', 'lantern liquid', '900201'],
    ['words in another order', 'growth direct harbour', '900101'],
    ['a misspelling', 'Lantren Anual', '900401']
  ])('finds a scheme by %s', async (_, q, code) => {
    expect((await found(q))[0]).toBe(code);
  });

  it('offers what is active only', async () => {
    const api = callerFor(firm.admin).catalogue;
    const { id, version } = await api.create({ name: 'Retired Plan' });
    expect(await api.search({ q: 'retired' })).toHaveLength(1);
    await api.update({ id, version, active: false });
    expect(await api.search({ q: 'retired' })).toEqual([]);
    expect(await api.search({ q: 'Retierd Pln' })).toEqual([]);
    expect((await api.list({ filter: { q: 'retired' } })).items).toHaveLength(1);
  });
});

describe('a product in use', () => {
  it('is deactivated and not deleted, whoever’s client has it', async () => {
    const api = callerFor(firm.admin).catalogue;
    const held = await api.create({ name: 'Held Plan' });
    await mintHolding({
      clientId: await mintClient({ primaryRmId: firm.otherRm.userId }),
      productId: held.id
    });
    const asked = await api.create({ name: 'Asked Plan' });
    await mintLead({ conversionRmId: firm.otherRm.userId, productId: asked.id });
    for (const { id } of [held, asked])
      await expect(api.remove({ id, version: 1 })).rejects.toThrow(/in use.*Deactivate/);
    const { id } = await api.create({ name: 'Typo Plan' });
    await expect(api.remove({ id, version: 2 })).rejects.toMatchObject({ code: 'CONFLICT' });
    await api.remove({ id, version: 1 });
    await expect(api.byId({ id })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('a role that may manage the catalogue', () => {
  async function managing(actor: Actor): Promise<Actor> {
    await asSystem((tx) =>
      tx.insert(roleGrants).values({ roleId: headRole, permission: 'catalogue.manage', scope: 'all' })
    );
    return actorOf(actor.userId);
  }
  let headRole = 0;

  beforeAll(async () => {
    const [row] = await sql<{ id: number }[]>`select id::int from roles where key = 'head'`;
    headRole = row?.id ?? 0;
  });

  it('adds, changes and deletes without being an administrator, and leaves its name in the history', async () => {
    const head = await managing(firm.rmHead);
    const api = callerFor(head).catalogue;
    const { id } = await api.create({ name: 'Head’s Plan' });
    await api.update({ id, version: 1, price: '99.5' });
    const record = await api.byId({ id });
    expect(record).toMatchObject({ price: '99.50', can: { manage: true } });
    expect(record.history.map(({ action, actor }) => [action, actor?.id])).toEqual([
      ['update', head.userId],
      ['insert', head.userId]
    ]);
    await api.remove({ id, version: 2 });
    await expect(callerFor(firm.rm).catalogue.create({ name: 'Mine' })).rejects.toMatchObject({
      code: 'FORBIDDEN'
    });
  });
});
