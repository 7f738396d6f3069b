import { join } from 'node:path';
import type { Settings } from '#lib/platform/config.ts';
import { prepareDatabase } from '../embedded/database.ts';
import { startEmbeddedPostgres } from '../embedded-postgres.ts';
import { step } from '../script.ts';
import { keyIn } from './key.ts';

export interface RunningDatabase {
  /** What the processes that use it find in their environment. */
  env: Record<string, string>;
  /** Settles when a server of ours ends; never for somebody else's. */
  ended: Promise<void>;
  stop: () => Promise<void>;
}

/** The database to work on: the one the environment names, else an embedded one in the data folder. */
export async function openDatabase(settings: Settings): Promise<RunningDatabase> {
  if (settings.databaseUrl) {
    return {
      env: outsideEnvironment(settings),
      ended: new Promise(() => undefined),
      stop: () => Promise.resolve()
    };
  }
  const { dataDir } = settings;
  const cluster = await step('Starting PostgreSQL', () =>
    startEmbeddedPostgres({ dataDir: join(dataDir, 'postgres') })
  );
  try {
    const urls = await prepareDatabase(cluster);
    const env = {
      DATABASE_URL: urls.databaseUrl,
      DATABASE_SYSTEM_URL: urls.databaseSystemUrl,
      DATABASE_QUEUE_URL: urls.databaseQueueUrl,
      DATABASE_OWNER_URL: urls.databaseOwnerUrl,
      RAPPORT_KEY: settings.key?.toString('hex') ?? keyIn(dataDir)
    };
    return { env, ended: cluster.ended, stop: cluster.stop };
  } catch (error) {
    await cluster.stop();
    throw error;
  }
}

function outsideEnvironment(settings: Settings): Record<string, string> {
  const { databaseUrl, databaseSystemUrl, databaseQueueUrl, databaseOwnerUrl } = settings;
  return {
    DATABASE_URL: databaseUrl ?? '',
    DATABASE_SYSTEM_URL: databaseSystemUrl ?? '',
    DATABASE_QUEUE_URL: databaseQueueUrl ?? '',
    DATABASE_OWNER_URL: databaseOwnerUrl ?? '',
    RAPPORT_KEY: settings.key?.toString('hex') ?? ''
  };
}
