import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate } from '#lib/platform/db/migrate.server.ts';
import { startEmbeddedPostgres } from '../../scripts/embedded-postgres.ts';
import { prepareDatabase } from '../../scripts/embedded/database.ts';
import type { Passwords } from '../../scripts/embedded/passwords.ts';

export interface Cluster {
  port: number;
  superuserUrl: string;
  passwords: Passwords;
  stop: () => Promise<void>;
}

/** One cluster for the whole run; its database `rapport` is migrated and serves as the template for the tests' own. */
export async function startCluster(): Promise<Cluster> {
  removeLeftovers();
  const folder = join(tmpdir(), `rapport-tests-${process.pid}`);
  mkdirSync(folder, { mode: 0o711 });
  const remove = () => rmSync(folder, { recursive: true, force: true });
  const postgres = await startEmbeddedPostgres({
    dataDir: join(folder, 'postgres'),
    durable: false,
    settings: { max_connections: 200 }
  }).catch((error: unknown) => {
    remove();
    throw error;
  });
  const stop = () => postgres.stop().then(remove);
  try {
    const urls = await prepareDatabase(postgres);
    await migrate(urls.databaseOwnerUrl);
  } catch (error) {
    await stop();
    throw error;
  }
  const { port, superuserUrl, passwords } = postgres;
  return { port, superuserUrl, passwords, stop };
}

// A run that was killed outright could not remove its folder.
function removeLeftovers(): void {
  for (const name of readdirSync(tmpdir())) {
    const [, pid] = /^rapport-tests-(\d+)$/.exec(name) ?? [];
    if (pid && !isAlive(Number(pid))) rmSync(join(tmpdir(), name), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
