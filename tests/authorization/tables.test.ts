import postgres, { type Sql } from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { closeDatabase } from '#lib/platform/db/transactions.server.ts';
import { useTestDatabase, type TestDatabase } from '../support/database.ts';
import { makeFirm, type TestFirm } from '../support/firm.ts';
import type { Present, Row } from './table-rows.ts';
import { TABLES } from './tables.ts';
import { ACTORS, actorNamed, type ActorName } from './world.ts';

const GATED = ['credentials', 'sessions', 'login_attempts', 'invitations', 'search_words'];
const PRESENT: Present[] = ['own', 'team', 'other'];
const OPERATIONS = ['select', 'update', 'delete'] as const;
type Operation = (typeof OPERATIONS)[number];

let database: TestDatabase;
let superuser: Sql;
let firm: TestFirm;

beforeAll(async () => {
  database = await useTestDatabase();
  superuser = postgres(database.superuserUrl, { max: 1, onnotice: () => undefined });
  firm = await makeFirm();
});

afterAll(async () => {
  await superuser.end();
  await closeDatabase();
  await database.drop();
});

const statement = (table: string, operation: Operation, touch: string, { column, value }: Row) =>
  ({
    select: `select 1 from ${table} where ${column} = ${value}`,
    update: `update ${table} set ${touch} = ${touch} where ${column} = ${value}`,
    delete: `delete from ${table} where ${column} = ${value}`
  })[operation];

class Undo extends Error {}

/** What one statement does under somebody's identity with the middleware out of the way. Nothing stays changed. */
async function tried(name: ActorName, text: string): Promise<string> {
  let rows = 0;
  try {
    await superuser.begin(async (sql) => {
      await sql`select set_config('app.user_id', ${String(actorNamed(firm, name).userId)}, true)`;
      await sql.unsafe(`set local role ${name === 'administrator' ? 'rapport_all' : 'rapport_scoped'}`);
      rows = (await sql.unsafe(text)).count;
      throw new Undo();
    });
  } catch (error) {
    if (error instanceof Undo) return rows > 0 ? '1' : '0';
    if (!(error instanceof postgres.PostgresError)) throw error;
    if (error.code === '42501') return '-';
    // Something refers to the row: no matter of rights.
    if (error.code === '23503') return '1';
    throw error;
  }
  return '';
}

describe('every table under row level security', () => {
  it('has its cells declared', async () => {
    const rows = await superuser<{ name: string }[]>`
      select relname as name from pg_class where relnamespace = 'public'::regnamespace and relrowsecurity`;
    const names = rows.map(({ name }) => name).filter((name) => !GATED.includes(name));
    expect(Object.keys(TABLES).sort()).toEqual(names.sort());
    process.stdout.write(`tables: ${names.length}, ${names.length * ACTORS.length * 9} cells\n`);
  });
});

describe.each(Object.entries(TABLES))('%s', (table, { cells, touch, make }) => {
  it.each(OPERATIONS)('answers a bare %s as declared', async (operation) => {
    const answers: string[] = [];
    for (const name of ACTORS) {
      let letters = '';
      for (const relation of PRESENT) {
        const row = await make(superuser, firm, name, relation);
        letters += await tried(name, statement(table, operation, touch, row));
      }
      answers.push(letters);
    }
    expect(answers.join(' ')).toBe(cells[operation]);
  });
});
