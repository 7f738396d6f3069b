import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { closeDatabase } from '#lib/platform/db/transactions.server.ts';
import { useTestDatabase, type TestDatabase } from '../support/database.ts';
import { lookInto, runImport, stateOf } from '../support/sales-sample/running.ts';
import { SALES_SAMPLE } from '../support/sales-sample/sample.ts';

const REAL = process.env.RAPPORT_REAL_DATA;

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

if (REAL) describe('the real sales set', () => realSet(join(REAL, 'sales')));
else process.stdout.write('RAPPORT_REAL_DATA is not set: the import is tried on the made-up set only\n');

function realSet(folder: string): void {
  const all = (unchanged: boolean) =>
    Object.fromEntries(
      Object.entries({ teams: 6, users: 41, products: 7, clients: 85, leads: 8800, holdings: 4238 }).map(
        ([name, count]) => [name, unchanged ? { added: 0, unchanged: count } : { added: count, unchanged: 0 }]
      )
    );

  it('comes in whole', async () => {
    const since = performance.now();
    const report = await runImport(folder);
    expect(report).toMatchObject({ tallies: all(false), rejected: 0, repeated: 0 });
    expect(performance.now() - since).toBeLessThan(60_000);
  });

  it('has every status, the nameless by their id, three regions of two teams, and an RM for each client', async () => {
    const [row] = await sql`select
      (select jsonb_object_agg(status, n) from (select status, count(*) n from leads group by 1) s) as statuses,
      (select count(*)::int from leads where organisation is null and name = external_ref) as nameless,
      (select jsonb_object_agg(region, n) from (select region, count(*) n from teams group by 1) r) as regions,
      (select count(*)::int from clients where primary_rm_id is null) as orphans,
      (select sum(expected_value)::text from leads where status = 'converted') as won,
      (select sum(amount)::text from holdings) as held`;
    expect(row).toMatchObject({
      statuses: { new: 500, wip: 1589, converted: 4238, denied: 2473 },
      nameless: 1425,
      regions: { Central: 2, East: 2, West: 2 },
      orphans: 0
    });
    expect(row?.held).toBe(row?.won);
  });

  it('changes nothing when it is run again', async () => {
    const before = await stateOf(sql);
    expect((await runImport(folder)).tallies).toEqual(all(true));
    expect(await stateOf(sql)).toEqual(before);
  });
}

describe('the made-up set', () => {
  it('goes beside it', async () => {
    const { tallies } = await runImport(SALES_SAMPLE);
    expect(tallies).toMatchObject({ clients: { added: 7 }, leads: { added: 18 } });
  });
});
