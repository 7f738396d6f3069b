import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { closeDatabase } from '#lib/platform/db/transactions.server.ts';
import { seedDemo } from '../../scripts/seed.ts';
import { useTestDatabase, type TestDatabase } from '../support/database.ts';
import { lookInto, runImport, stateOf } from '../support/sales-sample/running.ts';
import { SALES_SAMPLE } from '../support/sales-sample/sample.ts';

let database: TestDatabase;
let sql: ReturnType<typeof lookInto>;
let administrators: string[];

beforeAll(async () => {
  database = await useTestDatabase();
  sql = lookInto(database);
  const { accounts } = await seedDemo({ password: 'a demo password' });
  administrators = accounts.filter(({ level }) => level === 0).map(({ email }) => email);
});

afterAll(async () => {
  await closeDatabase();
  await sql.end();
  await database.drop();
});

/** What a firm keeps of the demo or gets from the set; every other table is empty after the import. */
const FILLED = [
  'accounts',
  'audit_log',
  'calendar_holidays',
  'calendar_versions',
  'calendar_windows',
  'calendars',
  'client_access',
  'client_addresses',
  'client_notes',
  'client_tags',
  'clients',
  'clock_refresh',
  'credentials',
  'firm_settings',
  'holdings',
  'leads',
  'list_items',
  'policies',
  'policy_steps',
  'policy_targets',
  'policy_versions',
  'products',
  'request_types',
  'role_grants',
  'roles',
  'search_words',
  'team_members',
  'teams',
  'user_capabilities',
  'user_profiles',
  'users'
];

async function filledTables(): Promise<string[]> {
  const tables = await sql<{ name: string }[]>`
    select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'`;
  const filled = await Promise.all(
    tables.map(async ({ name }) => ((await sql`select from ${sql(name)} limit 1`).length > 0 ? [name] : []))
  );
  return filled.flat().sort();
}

describe('an import into the demo firm', () => {
  it('is refused, and the demo stays as it is', async () => {
    const before = await stateOf(sql);
    await expect(runImport(SALES_SAMPLE)).rejects.toThrow(/demo firm.*--replace-demo/);
    expect(await stateOf(sql)).toEqual(before);
  });

  it('takes its place when told to: only the administrators stay', async () => {
    const report = await runImport(SALES_SAMPLE, { replaceDemo: true });
    expect(report.tallies).toMatchObject({
      users: { added: 10 },
      clients: { added: 7 },
      leads: { added: 18 }
    });
    expect(report.remarks.join('\n')).toContain(administrators.join(', '));
    const people = await sql<
      { email: string }[]
    >`select email from user_profiles where email not like '%@sales.example'`;
    expect(people.map(({ email }) => email)).toEqual(administrators);
    const [firm] = await sql`select demo, name from firm_settings`;
    expect(firm).toEqual({ demo: false, name: 'Kettles & Co' });
    const [foreign] =
      await sql`select (select count(*)::int from clients where external_ref is null) as clients,
      (select count(*)::int from leads where external_ref is null) as leads, (select count(*)::int from products) as products`;
    expect(foreign).toEqual({ clients: 0, leads: 0, products: 3 });
    const orphans = await sql`select subject_kind, subject_id from clock_refresh r
      where not exists (select 1 from clients c where r.subject_kind = 'client' and c.id = r.subject_id)
        and not exists (select 1 from leads l where r.subject_kind = 'lead' and l.id = r.subject_id)`;
    expect([...orphans], 'nothing of the demo waits for its clocks').toEqual([]);
    expect((await filledTables()).filter((table) => !FILLED.includes(table))).toEqual([]);
  });

  it('is an ordinary firm from then on', async () => {
    const before = await stateOf(sql);
    await runImport(SALES_SAMPLE);
    expect(await stateOf(sql)).toEqual(before);
  });
});
