import { join } from 'node:path';
import { loadSettings, type Settings } from '#lib/platform/config.ts';
import { migrate } from '#lib/platform/db/migrate.server.ts';
import { Failure, readDotEnv, runScript, step } from './script.ts';
import { withConnection } from './start/connection.ts';
import { openDatabase } from './start/database.ts';

runScript(async () => {
  readDotEnv();
  const settings = loadSettings(process.env);
  const database = await openDatabase(settings);
  try {
    const url = database.env.DATABASE_OWNER_URL;
    if (!url) throw new Failure('DATABASE_OWNER_URL is not set: migrations run as rapport_owner');
    await withConnection(url, () => Promise.resolve());
    await step(`Migrating ${placeOf(settings)}`, () => migrate(url));
  } finally {
    await database.stop();
  }
});

function placeOf({ databaseOwnerUrl, databaseUrl, dataDir }: Settings): string {
  if (!databaseUrl) return `the embedded database in ${join(dataDir, 'postgres')}`;
  const { hostname, pathname } = new URL(databaseOwnerUrl ?? databaseUrl);
  return `${pathname.slice(1)} at ${hostname}`;
}
