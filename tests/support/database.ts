import { randomBytes } from 'node:crypto';
import postgres, { type Sql } from 'postgres';
import { inject } from 'vitest';
import { superuserUrlOf, urlsOf, type DatabaseUrls } from '../../scripts/embedded/database.ts';

export interface TestDatabase extends DatabaseUrls {
  name: string;
  /** For what no role of the app may do: end its connections, look at every row. */
  superuserUrl: string;
  drop: () => Promise<void>;
}

/** A key for everything encrypted in tests. */
export const TEST_KEY = '0f'.repeat(32);

/** A migrated database of this test file's own, copied from the run's template. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const cluster = inject('cluster');
  const name = `rapport_test_${randomBytes(6).toString('hex')}`;
  await asSuperuser(cluster.superuserUrl, async (sql) => {
    await sql.unsafe(`create database ${name} template rapport strategy file_copy`);
    // A copy takes neither the grants on its template nor the settings made for it.
    await sql`update pg_database set datacl = model.datacl, datdba = model.datdba
      from pg_database model where model.datname = 'rapport' and pg_database.datname = ${name}`;
    await sql`insert into pg_db_role_setting select copy.oid, setrole, setconfig
      from pg_db_role_setting join pg_database model on model.oid = setdatabase and model.datname = 'rapport',
      pg_database copy where copy.datname = ${name}`;
  });
  const drop = () =>
    asSuperuser(cluster.superuserUrl, (sql) => sql.unsafe(`drop database if exists ${name} with (force)`));
  return { ...urlsOf(cluster, name), name, superuserUrl: superuserUrlOf(cluster.superuserUrl, name), drop };
}

/** The environment for a process, or for `loadConfig`, that shall work on that database. */
export function environmentFor(database: DatabaseUrls): Record<string, string> {
  return {
    DATABASE_URL: database.databaseUrl,
    DATABASE_SYSTEM_URL: database.databaseSystemUrl,
    DATABASE_QUEUE_URL: database.databaseQueueUrl,
    DATABASE_OWNER_URL: database.databaseOwnerUrl,
    RAPPORT_KEY: TEST_KEY,
    LOG_LEVEL: 'warn'
  };
}

/** A test database that this file's process is configured for: call it before anything asks for the configuration. */
export async function useTestDatabase(): Promise<TestDatabase> {
  const database = await createTestDatabase();
  Object.assign(process.env, environmentFor(database));
  return database;
}

async function asSuperuser(url: string, work: (sql: Sql) => Promise<unknown>): Promise<void> {
  const sql = postgres(url, { max: 1, onnotice: () => undefined });
  try {
    await work(sql);
  } finally {
    await sql.end();
  }
}
