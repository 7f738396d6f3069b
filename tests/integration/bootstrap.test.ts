import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

describe('a database of a test file', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  it('is UTF-8, orders by ICU and knows letters beyond ASCII', async () => {
    const sql = postgres(database.superuserUrl, { max: 1 });
    const [row] =
      await sql`select pg_encoding_to_char(encoding) as encoding, datlocprovider as provider, upper('é') as upper
      from pg_database where datname = current_database()`;
    await sql.end();
    expect(row).toEqual({ encoding: 'UTF8', provider: 'i', upper: 'É' });
  });
});
