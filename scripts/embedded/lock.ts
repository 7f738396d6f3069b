import { readFileSync, readlinkSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** Thrown when another living process runs Postgres on the same data. */
export class AlreadyRunning extends Error {}

/** Claims the data folder for this process. A claim left by a killed process is taken over. */
export function claim(dataDir: string): { release: () => void } {
  const file = `${dataDir}.lock`;
  const mine = `${process.pid} ${startOf(process.pid)}`;
  if (!written(file, mine)) {
    const [pid, start] = readFileSync(file, 'utf8').split(' ');
    if (isAlive(Number(pid)) && startOf(Number(pid)) === start) {
      throw new AlreadyRunning(`Rapport is already running on ${dataDir} (process ${pid})`);
    }
    rmSync(file, { force: true });
    if (!written(file, mine)) throw new AlreadyRunning(`Rapport is already starting on ${dataDir}`);
  }
  return { release: () => rmSync(file, { force: true }) };
}

function written(file: string, text: string): boolean {
  try {
    writeFileSync(file, text, { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Ends a Postgres whose starter was killed, and clears the pid file when its number belongs to something else now. */
export async function endOrphan(dataDir: string): Promise<void> {
  const file = join(dataDir, 'postmaster.pid');
  const pid = postmasterPid(file);
  if (pid === null) return;
  if (isAlive(pid) && isPostgresOn(dataDir, pid)) {
    process.kill(pid, 'SIGINT');
    await goneWithin(pid, 10_000);
  }
  rmSync(file, { force: true });
}

function postmasterPid(file: string): number | null {
  try {
    return Number(readFileSync(file, 'utf8').split('\n')[0]) || null;
  } catch {
    return null;
  }
}

function isPostgresOn(dataDir: string, pid: number): boolean {
  if (process.platform !== 'linux') return true;
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(dataDir);
  } catch {
    return false;
  }
}

async function goneWithin(pid: number, milliseconds: number): Promise<void> {
  const deadline = Date.now() + milliseconds;
  while (isAlive(pid)) {
    if (Date.now() > deadline) process.kill(pid, 'SIGQUIT');
    await pause(20);
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

// Process numbers are used again; together with the time it started a number is unique.
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}
