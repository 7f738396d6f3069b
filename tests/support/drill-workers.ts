import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Point } from '#lib/platform/jobs/points.ts';
import { until } from './until.ts';

/** Milliseconds until others take what the dead had; at full size it is as long as in production. */
export const shortPatience: Record<string, string> =
  process.env.RAPPORT_DRILL === 'full' ? {} : { DRILL_LOCK: '2000' };

interface DrillWorker {
  child: ChildProcess;
  output: () => string;
}

/** Worker processes as in production, which can be told to kill themselves when they come to a point. */
export function drillWorkers(env: () => Record<string, string>) {
  let running: DrillWorker[] = [];
  const all: DrillWorker[] = [];

  const pool = {
    running: () => running,

    /** Of every worker there was: what it printed. */
    outputs: () => all.map(({ output }) => output()),

    start: (): DrillWorker => {
      const child = spawn(process.execPath, ['tests/support/parts/drill-worker.ts'], {
        env: {
          PATH: process.env.PATH,
          // Starting again and again is most of what a drill does.
          NODE_COMPILE_CACHE: join(tmpdir(), 'rapport-drill-cache'),
          ...env(),
          LOG_LEVEL: 'info'
        },
        stdio: ['ignore', 'pipe', 'pipe', 'ipc']
      });
      let output = '';
      for (const stream of [child.stdout, child.stderr])
        stream?.on('data', (part: Buffer) => (output += part.toString()));
      const worker = { child, output: () => output };
      child.once('exit', () => (running = running.filter((one) => one !== worker)));
      child.on('error', () => undefined);
      running.push(worker);
      all.push(worker);
      return worker;
    },

    started: (worker: DrillWorker) =>
      until(() => {
        if (worker.child.exitCode !== null) throw new Error(`The worker has ended:\n${worker.output()}`);
        return worker.child.signalCode !== null || worker.output().includes('workers started');
      }, 60_000),

    /** Whoever comes to the point first dies there; null calls it off. */
    arm: (point: Point | null) => {
      for (const { child } of running) if (child.connected) child.send({ point }, () => undefined);
    },

    kill: async ({ child }: DrillWorker) => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    },

    /** Told to stop, as by a supervisor; their exit codes. */
    stop: () =>
      Promise.all(
        running.map(async ({ child }) => {
          const ended = once(child, 'exit');
          child.kill('SIGTERM');
          return ((await ended) as [number | null])[0];
        })
      ),

    end: async () => {
      await Promise.all(running.map(pool.kill));
    }
  };
  return pool;
}
