import { mkdtempSync, readFileSync, rmSync, chmodSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate } from '#lib/platform/db/migrate.server.ts';
import { startEmbeddedPostgres } from '../../scripts/embedded-postgres.ts';
import { prepareDatabase, superuserUrlOf } from '../../scripts/embedded/database.ts';

/** A Postgres of a test's own, migrated, that can be stopped or crashed and comes back at the same address. */
export async function startRestartable() {
  const folder = mkdtempSync(join(tmpdir(), 'rapport-restart-'));
  chmodSync(folder, 0o711);
  const dataDir = join(folder, 'postgres');
  let server = await startEmbeddedPostgres({ dataDir });
  const urls = await prepareDatabase(server);
  await migrate(urls.databaseOwnerUrl);
  const { port, superuserUrl } = server;

  return {
    ...urls,
    superuserUrl: superuserUrlOf(superuserUrl, 'rapport'),

    /** As by its supervisor, or as if the machine had killed it. */
    restart: async (how: 'stop' | 'crash') => {
      if (how === 'stop') await server.stop();
      else {
        const [pid] = readFileSync(join(dataDir, 'postmaster.pid'), 'utf8').split('\n');
        process.kill(Number(pid), 'SIGQUIT');
        await server.ended;
      }
      server = await startEmbeddedPostgres({ dataDir, port });
    },

    stop: async () => {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  };
}

export type Restartable = Awaited<ReturnType<typeof startRestartable>>;
