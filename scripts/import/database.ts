import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadConfig, type Config, type Settings } from '#lib/platform/config.ts';
import { migrate } from '#lib/platform/db/migrate.server.ts';
import { urlsOf } from '../embedded/database.ts';
import { passwordsOf } from '../embedded/passwords.ts';
import { Failure } from '../script.ts';
import { withConnection } from '../start/connection.ts';
import { problemsWith } from '../start/database-check.ts';
import { openDatabase } from '../start/database.ts';
import { keyIn } from '../start/key.ts';

type Environment = Record<string, string>;

/**
 * Works on the database the settings name: an outside one, the embedded one of a Rapport that is running, or the
 * embedded one started for the while. Migrates what it started; otherwise says what is missing.
 */
export async function withDatabase<T>(settings: Settings, work: (config: Config) => Promise<T>): Promise<T> {
  const running = settings.databaseUrl ? null : await runningEnvironment(settings);
  if (running) return work(await configured(running));
  const database = await openDatabase(settings);
  try {
    const owner = settings.databaseUrl ? null : database.env.DATABASE_OWNER_URL;
    if (owner) await migrate(owner);
    return await work(await configured(database.env));
  } finally {
    await database.stop();
  }
}

/** The addresses of the embedded server that another process of ours runs on the data folder, if it does. */
async function runningEnvironment({ dataDir, key }: Settings): Promise<Environment | null> {
  const cluster = join(dataDir, 'postgres');
  const port = portOfRunning(cluster);
  if (port === null) return null;
  const urls = urlsOf({ port, passwords: passwordsOf(cluster) }, 'rapport');
  const answers = await withConnection(urls.databaseSystemUrl, () => Promise.resolve(true)).catch(
    () => false
  );
  if (!answers) return null;
  return {
    DATABASE_URL: urls.databaseUrl,
    DATABASE_SYSTEM_URL: urls.databaseSystemUrl,
    DATABASE_QUEUE_URL: urls.databaseQueueUrl,
    DATABASE_OWNER_URL: urls.databaseOwnerUrl,
    RAPPORT_KEY: key?.toString('hex') ?? keyIn(dataDir)
  };
}

// Postgres writes its port and its state into the fourth and the eighth line of its pid file.
function portOfRunning(cluster: string): number | null {
  const file = join(cluster, 'postmaster.pid');
  if (!existsSync(file)) return null;
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines[7]?.trim() === 'ready' ? Number(lines[3]) : null;
}

async function configured(env: Environment): Promise<Config> {
  // What the transactions of this process are configured by.
  Object.assign(process.env, env);
  const config = loadConfig(process.env);
  const problems = await problemsWith(config);
  if (problems.length > 0) throw new Failure(`The database is not ready. ${problems.join('. ')}.`);
  return config;
}
