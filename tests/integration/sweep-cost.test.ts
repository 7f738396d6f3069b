import postgres from 'postgres';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { closeDatabase } from '#lib/platform/db/transactions.server.ts';
import { observeStatements } from '#lib/platform/db/lease.server.ts';
import { sweepClocks } from '../../workers/escalation.ts';
import { useTestDatabase, type TestDatabase } from '../support/database.ts';
import { letDue, makeSleepingClocks, workAtNoon } from '../support/drill-scene.ts';
import { makeFirm, type TestFirm } from '../support/firm.ts';

/** So many that no plan reads them all. */
const CLOCKS = 20_000;

let database: TestDatabase;
let firm: TestFirm;
let superuser: postgres.Sql;

beforeAll(async () => {
  database = await useTestDatabase();
  firm = await makeFirm();
  superuser = postgres(database.superuserUrl, { max: 1, onnotice: () => undefined });
  await workAtNoon(superuser);
  await makeSleepingClocks(superuser, firm, CLOCKS);
  await superuser`update clocks set next_action_at = now() + interval '1 day' + id * interval '1 second'`;
  await superuser`delete from clock_refresh`;
  await superuser`vacuum (analyze) clocks`;
});

afterAll(async () => {
  await closeDatabase();
  await superuser?.end();
  await database?.drop();
});

async function statementsOfSweep() {
  const sent: string[] = [];
  let did: string | null = null;
  await observeStatements(
    (text) => sent.push(text),
    async () => {
      did = await sweepClocks();
    }
  );
  return { did, sent: sent.filter((text) => !/^(begin|commit)\b/.test(text)) };
}

test('a sweep with nothing due asks one question, which indexes answer', async () => {
  const { did, sent } = await statementsOfSweep();
  expect(did).toBeNull();
  expect(sent).toHaveLength(1);
  const plan = await superuser.unsafe(`explain (costs off) ${sent[0]}`);
  const lines = plan.map((row) => String(row['QUERY PLAN']));
  expect(lines.filter((line) => line.includes('Seq Scan on clocks'))).toEqual([]);
  expect(lines.filter((line) => line.includes('clocks_next_action')).length).toBeGreaterThan(0);
});

test('and finds what falls due', async () => {
  await superuser`update clocks set next_action_at = null where id in (select id from clocks order by id limit 3)`;
  await letDue(superuser, 3);
  expect((await statementsOfSweep()).did).toMatch(/^Did what was due on 3 clocks/);
});
