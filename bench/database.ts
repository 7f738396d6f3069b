import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import postgres, { type Sql } from 'postgres';
import { migrate } from '#lib/platform/db/migrate.server.ts';
import { asSystem, closeDatabase } from '#lib/platform/db/transactions.server.ts';
import { installDefaults } from '#lib/settings/defaults.server.ts';
import { prepareDatabase, superuserUrlOf } from '../scripts/embedded/database.ts';
import { startEmbeddedPostgres } from '../scripts/embedded-postgres.ts';
import { Failure, step } from '../scripts/script.ts';
import { keyIn } from '../scripts/start/key.ts';
import { EDITION, makeData } from './data/make.ts';
import type { Options } from './options.ts';

export interface Scratch {
  /** As superuser, for what no role of the application may do; one connection. */
  sql: Sql;
  /** What a process of the application finds in its environment. */
  env: Record<string, string>;
  stop: () => Promise<void>;
}

/** The scratch database with its data, made where it is missing; with the settings of the embedded one that `npm start` brings. */
export async function openScratch({ folder, fresh, scale }: Options): Promise<Scratch> {
  if (fresh) rmSync(folder, { recursive: true, force: true });
  const home = resolve(folder);
  const key = keyIn(home);
  const cluster = await step('Starting PostgreSQL', () =>
    startEmbeddedPostgres({ dataDir: join(home, 'postgres') })
  );
  try {
    const urls = await prepareDatabase(cluster);
    const env = {
      DATABASE_URL: urls.databaseUrl,
      DATABASE_SYSTEM_URL: urls.databaseSystemUrl,
      DATABASE_QUEUE_URL: urls.databaseQueueUrl,
      DATABASE_OWNER_URL: urls.databaseOwnerUrl,
      RAPPORT_KEY: key,
      LOG_LEVEL: 'warn'
    };
    Object.assign(process.env, env);
    const sql = postgres(superuserUrlOf(cluster.superuserUrl, 'rapport'), {
      max: 1,
      onnotice: () => undefined
    });
    const stop = async () => {
      await sql.end({ timeout: 1 });
      await cluster.stop();
    };
    await migrate(urls.databaseOwnerUrl);
    await fill(sql, scale);
    return { sql, env, stop };
  } catch (error) {
    await cluster.stop();
    throw error;
  }
}

async function assertOfNow(sql: Sql): Promise<void> {
  const [made] = await sql`select to_jsonb(m) ->> 'edition' as edition from bench.made m`;
  if (Number(made?.edition) !== EDITION)
    throw new Failure('The data were made by an earlier benchmark: start again with --fresh');
}

async function fill(sql: Sql, scale: number): Promise<void> {
  const [made] = await sql`select to_regclass('bench.made') is not null as there`;
  if (made?.there) return assertOfNow(sql);
  const [begun] = await sql`select exists (select from users) as there`;
  if (begun?.there)
    throw new Error('An earlier run was cut while it made the data: start again with --fresh');
  await asSystem((tx) => installDefaults(tx, { name: 'Benchmark' }));
  await closeDatabase();
  await makeData(sql, scale);
}
