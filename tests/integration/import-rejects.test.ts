import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { closeDatabase } from '#lib/platform/db/transactions.server.ts';
import { useTestDatabase, type TestDatabase } from '../support/database.ts';
import { lookInto, runImport, stateOf } from '../support/sales-sample/running.ts';
import { spoiledSample, temporaryFolder, withRows } from '../support/sales-sample/sample.ts';

let database: TestDatabase;
let sql: ReturnType<typeof lookInto>;

beforeAll(async () => {
  database = await useTestDatabase();
  sql = lookInto(database);
});

afterAll(async () => {
  await closeDatabase();
  await sql.end();
  await database.drop();
});

interface Rejected {
  file: string;
  line: string;
  reason: string;
  row: string;
}

async function rejectedOf(folder: string): Promise<Rejected[]> {
  const rejects = join(temporaryFolder(), 'rejected.csv');
  const report = await runImport(folder, { rejects });
  const rows = parse<Rejected>(readFileSync(rejects, 'utf8'), { columns: true });
  expect(report).toMatchObject({ rejected: rows.length, rejectsFile: rejects });
  expect(statSync(rejects).mode & 0o777).toBe(0o600);
  return rows;
}

const BAD_OPPORTUNITIES: [row: string, reason: RegExp][] = [
  [
    'BB1,Nobody Known,KettleOne,Northbeam,Won,01-01-2023,02-01-2023,1',
    /sales_agent is unknown: "Nobody Known"/
  ],
  ['BB2,Kiku Sato,Kettle 7,Northbeam,Won,01-01-2023,02-01-2023,1', /product is unknown/],
  ['BB3,Kiku Sato,KettleOne,Nowhere Ltd,Won,01-01-2023,02-01-2023,1', /account is unknown/],
  [
    'BB4,Kiku Sato,KettleOne,Northbeam,Won,31-02-2023,02-03-2023,1',
    /engage_date is no date of the form DD-MM-YYYY: "31-02-2023"/
  ],
  ['BB5,Kiku Sato,KettleOne,Northbeam,Won,2023-01-02,02-03-2023,1', /engage_date is no date/],
  ['BB6,Kiku Sato,KettleOne,Northbeam,Won,03-03-2023,02-03-2023,1', /close_date is before engage_date/],
  [
    'BB7,Kiku Sato,KettleOne,Northbeam,Won,01-03-2023,02-03-2023,-5',
    /close_value is no amount of zero or more: "-5"/
  ],
  ['BB8,Kiku Sato,KettleOne,Northbeam,Won,01-03-2023,02-03-2023,much', /close_value is no amount/],
  ['BB9,Kiku Sato,KettleOne,Northbeam,Dreaming,01-03-2023,02-03-2023,5', /deal_stage is unknown: "Dreaming"/],
  [
    'AA10,Kiku Sato,KettleOne,Northbeam,Won,01-03-2023,02-03-2023,5',
    /Line 2 says something else of the same record/
  ],
  ['BC1,Kiku Sato,KettleOne,Northbeam,Won,01-03-2023,,5', /close_date is missing/],
  ['BC2,Kiku Sato,KettleOne,null,Won,01-03-2023,02-03-2023,5', /A won opportunity names no account/],
  [
    'BC3,Kiku Sato,KettleOne,Northbeam,Engaging,01-03-2023,02-03-2023,5',
    /An open opportunity has a close_date/
  ],
  [',Kiku Sato,KettleOne,Northbeam,Engaging,01-03-2023,,5', /opportunity_id is missing/],
  ['BC4,Kiku Sato,KettleOne,Northbeam', /The row has 4 columns, the header 8/],
  ['BC6,"Kiku Sato"x,KettleOne,Northbeam,Engaging,01-03-2023,,5', /sales_agent is unknown/]
];

describe('rows that cannot be taken', () => {
  it('are written with file, line, reason and the row itself, and all others are taken', async () => {
    const bad = BAD_OPPORTUNITIES.map(([row]) => row);
    const rejected = await rejectedOf(spoiledSample({ 'sales_pipeline.csv': withRows(...bad) }));
    expect(rejected.map(({ row }) => row)).toEqual(bad);
    BAD_OPPORTUNITIES.forEach(([, reason], index) => {
      expect(rejected[index]).toMatchObject({ file: 'sales_pipeline.csv', line: String(22 + index) });
      expect(rejected[index]?.reason).toMatch(reason);
    });
    const [taken] = await sql`select count(*)::int as leads from leads`;
    expect(taken).toEqual({ leads: 18 });
  });

  it('counts lines inside quoted fields', async () => {
    const rows = ['"BD1\nx",Kiku Sato,Nothing,Northbeam,Won,,,', 'BD2,Kiku Sato,Nothing,Northbeam,Won,,,'];
    const rejected = await rejectedOf(spoiledSample({ 'sales_pipeline.csv': withRows(...rows) }));
    expect(rejected.map(({ line, row }) => [line, row])).toEqual([
      ['22', rows[0]],
      ['24', rows[1]]
    ]);
  });

  it('are found in the other files too, with what depends on them', async () => {
    const rejected = await rejectedOf(
      spoiledSample({
        'sales_teams.csv': withRows('Una Byrne,Tomas Okafor,North', 'Pat Late,Priya Raman,North'),
        'products.csv': withRows('Kettle one,Kettle,99', 'Toaster,Toast,cheap'),
        'accounts.csv': withRows('!!!,retail,,,,,'),
        'sales_pipeline.csv': withRows('BE1,Pat Late,Toaster,Northbeam,Prospecting,,,')
      })
    );
    expect(rejected.map(({ file, reason }) => `${file}: ${reason}`)).toEqual([
      expect.stringContaining('Una Byrne" is in the team of "Priya Raman" already'),
      expect.stringContaining('manager "Priya Raman" heads a team in South already'),
      expect.stringContaining('Line 2 says something else'),
      expect.stringContaining('sales_price is no amount of zero or more: "cheap"'),
      expect.stringContaining('account has no letter or digit'),
      expect.stringContaining('sales_agent is unknown: "Pat Late"')
    ]);
  });

  it('leave no file when there are none, not even an earlier one', async () => {
    const rejects = join(temporaryFolder(), 'rejected.csv');
    writeFileSync(rejects, 'of an earlier run');
    await runImport(spoiledSample(), { rejects });
    expect(existsSync(rejects)).toBe(false);
  });
});

describe('files that cannot be read', () => {
  const refused = async (folder: string, message: RegExp) => {
    const before = await stateOf(sql);
    await expect(runImport(folder)).rejects.toThrow(message);
    expect(await stateOf(sql)).toEqual(before);
  };

  it('names the missing columns and what is there', async () => {
    const folder = spoiledSample({ 'accounts.csv': (text) => text.replace('sector,', 'branch,') });
    await refused(folder, /accounts\.csv lacks the column sector; it has: account, branch, year_established/);
  });

  it('names a missing file, and a folder that is none', async () => {
    const folder = spoiledSample();
    rmSync(join(folder, 'products.csv'));
    await refused(folder, /There is no file .*products\.csv/);
    await refused(join(folder, 'accounts.csv'), /There is no folder/);
  });

  it('says that a file is empty, and names what a file in another encoding lacks', async () => {
    await refused(spoiledSample({ 'products.csv': () => '' }), /products\.csv is empty/);
    const folder = spoiledSample();
    writeFileSync(join(folder, 'accounts.csv'), Buffer.from('account\nM\xfcller\n', 'latin1'));
    await refused(folder, /accounts\.csv lacks the columns sector/);
  });

  it('says where a quote is never closed', async () => {
    const folder = spoiledSample({ 'sales_pipeline.csv': withRows('"CC1,Kiku Sato,KettleOne') });
    await refused(folder, /sales_pipeline\.csv: a quote opened in line 22 or after is never closed/);
  });
});
