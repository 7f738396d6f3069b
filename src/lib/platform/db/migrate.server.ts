import { drizzle } from 'drizzle-orm/postgres-js';
import { migrate as applyMigrations } from 'drizzle-orm/postgres-js/migrator';
import { fileURLToPath } from 'node:url';
import postgres from 'postgres';
import { migrateQueue } from '#lib/platform/jobs/migrate.server.ts';

/** The folder of the SQL migrations and their journal. */
export const MIGRATIONS = fileURLToPath(new URL('../../../../drizzle', import.meta.url));

const LOCK = 7_206_511;

/**
 * Applies all pending migrations in one transaction as the owner, then the queue's own. On any error the
 * database is as it was. Two at the same time: the second waits and finds nothing to do.
 */
export async function migrate(ownerUrl: string): Promise<void> {
  const client = postgres(ownerUrl, {
    max: 1,
    onnotice: () => undefined,
    connection: { application_name: 'rapport-migrate' }
  });
  try {
    await client`select pg_advisory_lock(${LOCK})`;
    await applyMigrations(drizzle(client), { migrationsFolder: MIGRATIONS });
    await migrateQueue(ownerUrl);
  } finally {
    await client.end({ timeout: 5 });
  }
}
