import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { WEB_MEMORY } from '../scripts/start/memory.ts';
import { endOf, endWithUs, freePort } from '../scripts/processes.ts';

/** Megabytes; the proportional share counts what processes share only once. */
export interface Memory {
  rss: number;
  pss: number;
}

/** A process of the application, the way it is started in production. */
export interface Running {
  origin: string;
  /** From the start of the process to its first good answer on /readyz, in milliseconds; NaN for workers. */
  coldStart: number;
  memory: () => Memory;
  stop: () => Promise<void>;
}

export async function startWeb(env: Record<string, string>): Promise<Running> {
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const since = performance.now();
  const child = launch([...WEB_MEMORY, 'scripts/web.ts'], { ...env, PORT: String(port), HOST: '127.0.0.1' });
  await until(child, async () => (await fetch(`${origin}/readyz`)).status === 200);
  return { origin, coldStart: performance.now() - since, ...handle(child) };
}

/** `idle` says whether the worker has caught up with what fell due before. */
export async function startWorker(
  env: Record<string, string>,
  idle: () => Promise<boolean>
): Promise<Running> {
  const child = launch(['workers/main.ts'], env);
  await until(child, idle);
  return { origin: '', coldStart: NaN, ...handle(child) };
}

function launch(args: string[], env: Record<string, string>): ChildProcess {
  const child = spawn(process.execPath, args, {
    env: { ...process.env, ...env, NODE_ENV: 'production' },
    stdio: ['ignore', 'inherit', 'inherit']
  });
  const callOffGuard = endWithUs(child, 'TERM');
  void endOf(child).then(callOffGuard);
  return child;
}

function handle(child: ChildProcess) {
  return {
    memory: () => memoryOf(child.pid ?? 0),
    stop: async () => {
      const over = endOf(child);
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      await over;
    }
  };
}

const PATIENCE = 60_000;
const LOOK_EVERY = 10;

async function until(child: ChildProcess, isSo: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + PATIENCE;
  while (!(await isSo().catch(() => false))) {
    if (child.exitCode !== null) throw new Error('A process of the application has ended while it started');
    if (performance.now() > end) throw new Error('A process of the application was not ready in a minute');
    await pause(LOOK_EVERY);
  }
}

function memoryOf(pid: number): Memory {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  const megabytes = (name: string) =>
    Math.round(Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1] ?? NaN) / 1024);
  return { rss: megabytes('Rss'), pss: megabytes('Pss') };
}
