import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asSystem, closeDatabase } from '#lib/platform/db/transactions.server.ts';
import { installDefaults } from '#lib/settings/defaults.server.ts';
import { letFallDue, makeAllDue } from '../../bench/data/clocks.ts';
import { makeData } from '../../bench/data/make.ts';
import { OPERATIONS } from '../../bench/operations.ts';
import { Part } from '../../bench/parts.ts';
import type { Measured } from '../../bench/parts/pace.ts';
import type { Task } from '../../bench/parts/task.ts';
import { tidy } from '../../bench/tidy.ts';
import { signInVisitors, type Visitor } from '../../bench/visitors.ts';
import { sweepEscalations } from '../../workers/escalation.ts';
import { environmentFor, useTestDatabase, type TestDatabase } from '../support/database.ts';
import { startWeb, type Web } from '../support/web.ts';

let database: TestDatabase;
let sql: postgres.Sql;
let web: Web;
let executives: Visitor[];

beforeAll(async () => {
  database = await useTestDatabase();
  sql = postgres(database.superuserUrl, { max: 1, onnotice: () => undefined });
  await asSystem((tx) => installDefaults(tx));
  await makeData(sql, 0.003);
  executives = (await signInVisitors(sql)).executive;
  web = await startWeb();
});

afterAll(async () => {
  await web.stop();
  await closeDatabase();
  await sql.end();
  await database.drop();
});

const count = async (table: string) => Number((await sql`select count(*) as n from ${sql(table)}`)[0]?.n);

describe('The benchmark', () => {
  it('makes what the triggers would have made', async () => {
    expect([await count('clients'), await count('users')]).toEqual([300, 200]);
    const kept = () => sql`select principal, client_id, sort_name from client_access order by 1, 2`;
    const made = await kept();
    await sql`select app.refresh_client_access(array(select id from clients))`;
    expect(await kept()).toEqual(made);
    const [open] = await sql`select count(*)::int as n from service_requests r
      join clocks k on k.subject_kind = 'request' and k.subject_id = r.id and k.due_at = r.due_at
      where r.status in ('pending', 'in_progress')`;
    expect(open?.n).toBe(200);
  });

  it.each(OPERATIONS)('measures $title in every way, without an error', async (operation) => {
    const task: Task = {
      ...operation,
      level: 'executive',
      visitors: executives,
      connections: 2,
      seconds: 0.3,
      origin: web.origin
    };
    for (const script of operation.brief ? ['http.ts'] : ['http.ts', 'leased.ts', 'bare.ts']) {
      const part = new Part(script, environmentFor(database));
      const measured = await part.ask<Measured>(task).finally(() => part.stop());
      expect(measured, `${script}: ${measured.firstError}`).toMatchObject({ errors: 0 });
    }
  });

  it('takes back what it added', async () => {
    expect(await count('clients')).toBeGreaterThan(300);
    await tidy(sql);
    expect(await count('clients')).toBe(300);
  });

  it('lets every clock fall due', async () => {
    const clocks = await makeAllDue(sql);
    await letFallDue(sql);
    expect(await sweepEscalations()).toMatchObject({ clocks });
  });
});
