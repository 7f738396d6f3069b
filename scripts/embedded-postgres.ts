import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { POSTGRES_ENVIRONMENT, postgresBinaries, reachableTemporaryFolder } from './embedded/binaries.ts';
import { claim, endOrphan } from './embedded/lock.ts';
import { passwordsOf, type Passwords } from './embedded/passwords.ts';
import { canEnter, giveTo, postgresUser, type PostgresUser } from './embedded/user.ts';
import { endOf, endWithUs, freePort } from './processes.ts';

export interface EmbeddedPostgres {
  port: number;
  /** Address of the database `postgres` as superuser. */
  superuserUrl: string;
  passwords: Passwords;
  /** Settles when the server process has ended, for whatever reason. */
  ended: Promise<void>;
  /** Ends sessions and stops; settles when the process is gone. */
  stop: () => Promise<void>;
}

interface Options {
  dataDir: string;
  /** postgresql.conf settings, on top of ours. */
  settings?: Record<string, string | number>;
  /** False gives up safety against power loss for speed: for data that is thrown away. */
  durable?: boolean;
  /** A free one unless told: for a server that comes back where it was. */
  port?: number;
}

interface Place {
  dataDir: string;
  user: PostgresUser | null;
  bin: string;
  durable: boolean;
}

const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  timezone: 'UTC',
  jit: 'off',
  shared_buffers: '128MB',
  log_min_messages: 'warning',
  // A failing statement and its details can hold client data, which has no place in a log.
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse'
};
const THROWAWAY = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  wal_level: 'minimal',
  max_wal_senders: 0
};

/** Starts the real PostgreSQL that npm brought, on 127.0.0.1 at a free port; makes its data on the first start. */
export async function startEmbeddedPostgres(options: Options): Promise<EmbeddedPostgres> {
  const dataDir = resolve(options.dataDir);
  mkdirSync(dirname(dataDir), { recursive: true });
  const lock = claim(dataDir);
  try {
    const user = postgresUser(dataDir);
    const place: Place = {
      dataDir,
      user,
      bin: join(postgresBinaries(user), 'bin'),
      durable: options.durable ?? true
    };
    const passwords = passwordsOf(dataDir);
    await endOrphan(dataDir);
    if (!existsSync(dataDir)) createCluster(place, passwords.superuser);
    const settings = { ...SETTINGS, ...(place.durable ? {} : THROWAWAY), ...options.settings };
    const server = await launch(place, settings, options.port);
    return running(server, passwords, lock.release);
  } catch (error) {
    lock.release();
    throw error;
  }
}

function createCluster(place: Place, password: string): void {
  // Made aside and moved into place whole, so that an interrupted first start leaves nothing behind.
  const unfinished = `${place.dataDir}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { mode: 0o700 });
  giveTo(place.user, unfinished);
  const secrets = mkdtempSync(join(reachableTemporaryFolder(place.user), 'rapport-initdb-'));
  const passwordFile = join(secrets, 'password');
  try {
    writeFileSync(passwordFile, password, { mode: 0o600 });
    for (const path of [secrets, passwordFile]) giveTo(place.user, path);
    const run = spawnSync(join(place.bin, 'initdb'), initdbArguments(place, unfinished, passwordFile), {
      ...place.user,
      cwd: unfinished,
      env: POSTGRES_ENVIRONMENT,
      encoding: 'utf8'
    });
    if (run.status !== 0)
      throw new Error(`Postgres could not create its data: ${lastLine(run.stderr) || run.error?.message}`);
  } finally {
    rmSync(secrets, { recursive: true, force: true });
  }
  renameSync(unfinished, place.dataDir);
}

function initdbArguments(place: Place, folder: string, passwordFile: string): string[] {
  return [
    `--pgdata=${reachable(place.user, folder)}`,
    '--username=postgres',
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    `--locale=${process.platform === 'darwin' ? 'en_US.UTF-8' : 'C.UTF-8'}`,
    '--locale-provider=icu',
    '--icu-locale=und',
    ...(place.durable ? [] : ['--no-sync', '--no-data-checksums', '--no-instructions'])
  ];
}

// The kernel lets a process name its working directory without walking the closed folders above it.
function reachable(user: PostgresUser | null, folder: string): string {
  if (canEnter(user, folder)) return folder;
  if (process.platform === 'linux') return '/proc/self/cwd';
  throw new Error(
    `The account that runs Postgres cannot reach ${folder}; set RAPPORT_DATA to a folder it can reach`
  );
}

interface Server {
  process: ChildProcess;
  port: number;
  ended: Promise<void>;
}

async function launch(
  place: Place,
  settings: Record<string, string | number>,
  wanted?: number
): Promise<Server> {
  for (let attempt = 1; ; attempt++) {
    const port = wanted ?? (await freePort());
    const server = spawnServer(place, { ...settings, port });
    if (await isReady(place, server)) return server;
    // Another process may have taken the port in between.
    if (attempt === 3)
      throw new Error(`Postgres did not start: ${lastLine(readFileSync(logFile(place.dataDir), 'utf8'))}`);
  }
}

function spawnServer(place: Place, settings: Record<string, string | number> & { port: number }): Server {
  const log = openSync(logFile(place.dataDir), 'w', 0o600);
  const options = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const server = spawn(
    join(place.bin, 'postgres'),
    ['-D', reachable(place.user, place.dataDir), ...options],
    {
      ...place.user,
      cwd: place.dataDir,
      env: POSTGRES_ENVIRONMENT,
      stdio: ['ignore', log, log],
      // A session of its own: Ctrl-C in the terminal must reach web and workers before it reaches the database.
      detached: true
    }
  );
  closeSync(log);
  return { process: server, port: settings.port, ended: endOf(server) };
}

function logFile(dataDir: string): string {
  return `${dataDir}.log`;
}

async function isReady(place: Place, server: Server): Promise<boolean> {
  const pidFile = join(place.dataDir, 'postmaster.pid');
  let over = false;
  void server.ended.then(() => (over = true));
  while (!over) {
    if (existsSync(pidFile)) {
      const lines = readFileSync(pidFile, 'utf8').split('\n');
      if (Number(lines[0]) === server.process.pid && lines[7]?.trim() === 'ready') return true;
    }
    await pause(10);
  }
  return false;
}

function running(server: Server, passwords: Passwords, release: () => void): EmbeddedPostgres {
  const endGuard = endWithUs(server.process, 'INT');
  const ended = server.ended.then(() => {
    endGuard();
    release();
  });
  const stop = async () => {
    server.process.kill('SIGINT');
    const impatience = setTimeout(() => server.process.kill('SIGQUIT'), 8_000);
    await ended;
    clearTimeout(impatience);
  };
  const superuserUrl = `postgres://postgres:${passwords.superuser}@127.0.0.1:${server.port}/postgres`;
  return { port: server.port, superuserUrl, passwords, ended, stop };
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}
