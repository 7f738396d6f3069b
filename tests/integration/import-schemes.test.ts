import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Sql } from 'postgres';
import { closeDatabase } from '#lib/platform/db/transactions.server.ts';
import { callerFor } from '#lib/platform/trpc/caller.server.ts';
import { useTestDatabase, type TestDatabase } from '../support/database.ts';
import { makeFirm, type TestFirm } from '../support/firm.ts';
import { lookInto } from '../support/sales-sample/running.ts';
import { temporaryFolder } from '../support/sales-sample/sample.ts';
import { changedSchemes, runSchemes, SCHEMES_SAMPLE } from '../support/schemes-sample/sample.ts';

const REAL = process.env.RAPPORT_REAL_DATA;

let database: TestDatabase;
let sql: Sql;
let firm: TestFirm;

beforeAll(async () => {
  database = await useTestDatabase();
  sql = lookInto(database);
  firm = await makeFirm();
});

afterAll(async () => {
  await closeDatabase();
  await sql.end();
  await database.drop();
});

const tallyOf = async (file: string) => (await runSchemes(file)).tallies.schemes;

const schemesNow = () => sql`
  select scheme_code as code, name, isin, isin_reinvestment as reinvestment, fund_house as house, scheme_type as type,
    scheme_category as category, nav::text, nav_on::text as day, kind, currency
  from products where scheme_code like '9%' order by scheme_code`;

/** Everything that a second run must leave as it is. */
const stateNow = async () => [
  await sql`select id, version, updated_at::text from products order by id`,
  await sql`select count(*)::int as n from audit_log`
];

describe('a list of schemes', () => {
  it('comes in whole, with what its headings say', async () => {
    const report = await runSchemes(SCHEMES_SAMPLE);
    expect(report).toMatchObject({
      tallies: { schemes: { added: 7, changed: 0, unchanged: 0 } },
      rejected: 0,
      repeated: 0
    });
    expect(report.remarks).toEqual([
      '3 fund houses, 3 categories',
      '1 schemes have no net asset value (N.A.)',
      'ISINs that are not well formed were taken as they are: line 20 (INF0AA30)'
    ]);
    const rows = await schemesNow();
    expect(rows[1]).toEqual({
      code: '900102',
      name: 'Harbour Liquid Fund - Direct Plan - IDCW',
      isin: 'INF0AA101025',
      reinvestment: 'INF0AA101033',
      house: 'Harbour Mutual Fund',
      type: 'open',
      category: 'Debt Scheme - Liquid Fund',
      nav: '1002.10000000',
      day: '2026-10-01',
      kind: 'scheme',
      currency: 'INR'
    });
    expect(rows[2]).toMatchObject({ isin: null, reinvestment: null, nav: null, day: '2026-10-01' });
    expect(rows[3]).toMatchObject({ house: 'Lantern Mutual Fund', nav: '2301.12345678' });
    expect(rows[4]).toMatchObject({ type: 'close', category: 'Income', nav: '10.00000000' });
    expect(rows[5]).toMatchObject({ isin: 'INF0AA30', reinvestment: null, nav: '0.00000000' });
    expect(rows[6]).toMatchObject({
      type: 'interval',
      house: 'Lantern Mutual Fund (IDF)',
      nav: '0.50000000'
    });
  });

  it('changes nothing when it is run again', async () => {
    const before = await stateNow();
    expect(await tallyOf(SCHEMES_SAMPLE)).toEqual({ added: 0, changed: 0, unchanged: 7 });
    expect(await stateNow()).toEqual(before);
  });

  it('keeps schemes of one name apart, and from a product of that name', async () => {
    const name = 'Harbour Fixed Term Plan 12 - Growth';
    const api = callerFor(firm.admin).catalogue;
    await api.create({ name });
    const { items } = await api.list({ filter: { q: 'harbour fixed term 12' } });
    expect(items.map((item) => [item.name, item.schemeCode])).toEqual([
      [name, '900301'],
      [name, '900302'],
      [name, null]
    ]);
    await expect(api.create({ name })).rejects.toThrow(/Another product/);
  });

  it('brings new values only where they changed, and never an older one', async () => {
    const before = await stateNow();
    const later = changedSchemes((text) =>
      text
        .replace('1210.5035;01-Oct-2026', '1211.75;02-Oct-2026')
        .replace('2301.12345678;01-Oct-2026', 'N.A.;02-Oct-2026')
        .replace('1002.10;01-Oct-2026', '999.99;30-Sep-2026')
    );
    expect(await tallyOf(later)).toEqual({ added: 0, changed: 1, unchanged: 6 });
    const rows = await schemesNow();
    expect(rows.slice(0, 4)).toMatchObject([
      { nav: '1211.75000000', day: '2026-10-02' },
      { nav: '1002.10000000', day: '2026-10-01' },
      { nav: null, day: '2026-10-01' },
      { nav: '2301.12345678', day: '2026-10-01' }
    ]);
    // A value of the day is no news of who changed what.
    expect((await stateNow())[1]).toEqual(before[1]);
    expect(await tallyOf(SCHEMES_SAMPLE)).toEqual({ added: 0, changed: 0, unchanged: 7 });
  });

  it('takes a new name, audited, and leaves a scheme switched off', async () => {
    const api = callerFor(firm.admin).catalogue;
    const [row] = await sql<{ id: number; version: number }[]>`
      select id::int, version from products where scheme_code = '900201'`;
    if (!row) throw new Error('The scheme is missing');
    await api.update({ ...row, active: false });
    const renamed = changedSchemes((text) => text.replace('Lantern Liquid Fund', 'Lantern Cash Fund'));
    expect(await tallyOf(renamed)).toMatchObject({ changed: 1 });
    expect(await api.byId({ id: row.id })).toMatchObject({
      name: 'Lantern Cash Fund - Growth',
      active: false,
      version: row.version + 2
    });
    const [entry] =
      await sql`select new_values from audit_log where table_name = 'products' and row_id = ${row.id}
      order by id desc limit 1`;
    expect(entry).toEqual({ new_values: { name: 'Lantern Cash Fund - Growth' } });
  });

  it('is read in other encodings and with other line ends', async () => {
    const wide = changedSchemes((text) =>
      Buffer.from(`\ufeff${text.replaceAll('\n', '\r\n').replaceAll('Lantern', 'Lanterné')}`, 'utf16le')
    );
    expect(await tallyOf(wide)).toMatchObject({ changed: 2 });
    expect((await schemesNow())[6]).toMatchObject({ name: 'Lanterné Annual Interval Fund' });
  });
});

const BAD: [row: string, reason: RegExp][] = [
  ['900901;INF0AA101017;-;Short row;10', /The row has 5 columns, the header 6/],
  ['900902;a;b;c;Too long;10;01-Oct-2026;', /The row has 8 columns/],
  [';INF0AA101017;-;No code;10;01-Oct-2026', /Scheme Code is no number: ""/],
  ['9x;INF0AA101017;-;Bad code;10;01-Oct-2026', /Scheme Code is no number: "9x"/],
  ['900903;INF0AA101017;-;--;10;01-Oct-2026', /Scheme Name has no letter or digit/],
  [`900904;-;-;${'x'.repeat(301)};10;01-Oct-2026`, /Scheme Name is longer than 300/],
  ['900905;INF 0AA;-;Spaced;10;01-Oct-2026', /An ISIN has up to twelve letters and digits: "INF 0AA"/],
  ['900906;-;-;Negative;-1;01-Oct-2026', /Net Asset Value is no number of zero or more: "-1"/],
  ['900907;-;-;Wordy;ten;01-Oct-2026', /Net Asset Value is no number/],
  ['900908;-;-;No such day;10;31-Feb-2026', /Date is no date of the form DD-Mon-YYYY: "31-Feb-2026"/],
  ['900909;-;-;Other form;10;2026-10-01', /Date is no date/],
  ['900101;-;-;Somebody else;10;01-Oct-2026', /Line 7 says something else of the same scheme/],
  ['What is this', /neither a heading nor a scheme/]
];

describe('lines that cannot be taken', () => {
  it('are written with line and reason, and all others are taken', async () => {
    const rejects = join(temporaryFolder(), 'rejected.csv');
    const good = '900999;-;-;Good one;10;01-Oct-2026';
    const again = '900401;INF0BB401019;NA;Lantern Annual Interval Fund;.5;28-Feb-2026';
    const rows = [...BAD.map(([row]) => row), good, again];
    const file = changedSchemes((text) => `${text}${rows.join('\n')}\n`);
    const report = await runSchemes(file, { rejects });
    expect(report).toMatchObject({ rejected: BAD.length, repeated: 1, rejectsFile: rejects });
    expect(report.tallies.schemes).toMatchObject({ added: 1 });
    const rejected = parse<Record<string, string>>(readFileSync(rejects, 'utf8'), { columns: true });
    expect(rejected.map(({ row }) => row)).toEqual(BAD.map(([row]) => row));
    BAD.forEach(([, reason], index) => {
      expect(rejected[index]).toMatchObject({ file: 'schemes.txt', line: String(27 + index) });
      expect(rejected[index]?.reason).toMatch(reason);
    });
    const last = (await schemesNow()).slice(-1);
    expect(last[0]).toMatchObject({ code: '900999', house: 'Lantern Mutual Fund (IDF)' });
  });

  it('are the whole file where it is something else', async () => {
    await expect(runSchemes('/nowhere/list.txt')).rejects.toThrow('There is no file /nowhere/list.txt');
    await expect(runSchemes(changedSchemes(() => '\n \n'))).rejects.toThrow(/schemes\.txt is empty/);
    const other = changedSchemes((text) => text.replace('Scheme Name', 'Title'));
    await expect(runSchemes(other)).rejects.toThrow(/its first line lacks scheme name/);
  });
});

describe('the demo firm', () => {
  it('has the list beside its own products', async () => {
    await sql`update firm_settings set demo = true`;
    const [before] = await sql`select count(*)::int as users from users`;
    expect(await tallyOf(SCHEMES_SAMPLE)).toMatchObject({ added: 0 });
    expect((await sql`select count(*)::int as users from users`)[0]).toEqual(before);
    expect((await sql`select demo from firm_settings`)[0]).toEqual({ demo: true });
    await sql`update firm_settings set demo = false`;
  });
});

if (REAL)
  describe('the real list of all schemes', () => realList(join(REAL, 'catalogue', 'amfi-navall.txt')));
else process.stdout.write('RAPPORT_REAL_DATA is not set: the schemes are tried on the made-up list only\n');

function realList(file: string): void {
  const rows = () =>
    readFileSync(file, 'utf8')
      .split('\n')
      .slice(1)
      .filter((line) => line.includes(';'))
      .map((line) => line.split(';').map((value) => value.trim()));

  it('comes in whole, to the last value', async () => {
    const since = performance.now();
    const report = await runSchemes(file);
    const seconds = (performance.now() - since) / 1000;
    process.stdout.write(`${rows().length} real schemes in ${seconds.toFixed(1)} s\n`);
    expect(report).toMatchObject({ tallies: { schemes: { added: 13_795 } }, rejected: 0, repeated: 0 });
    expect(report.remarks[0]).toBe('43 fund houses, 48 categories');
    expect(seconds).toBeLessThan(60);
    const stored =
      await sql`select scheme_code as code, name, nav, fund_house as house, scheme_category as category
      from products where scheme_code not like '9%' or length(scheme_code) <> 6`;
    const byCode = new Map(stored.map((row) => [row.code as string, row]));
    for (const [code = '', , , name = '', nav = ''] of rows()) {
      const row = byCode.get(code);
      expect(row?.name, code).toBe(name);
      expect(row?.nav === null ? 'N.A.' : Number(row?.nav), code).toBe(nav === 'N.A.' ? nav : Number(nav));
      if (!row?.house || !row.category) throw new Error(`${code} has no fund house or category`);
    }
  });

  it('changes nothing when it is run again', async () => {
    const before = await stateNow();
    expect(await tallyOf(file)).toEqual({ added: 0, changed: 0, unchanged: 13_795 });
    expect(await stateNow()).toEqual(before);
  });
}
