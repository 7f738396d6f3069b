import { spawn, type ChildProcess } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { endOf, endWithUs } from '../processes.ts';
import { Failure } from '../script.ts';

export interface Part {
  name: string;
  /** Arguments for node: the script and its own. */
  args: string[];
  env: NodeJS.ProcessEnv;
  /** True when the part sends the message 'ready' to its parent. */
  announces: boolean;
}

export interface Supervised {
  /** Settles when all parts that announce themselves are ready; fails when one cannot get there. */
  ready: Promise<void>;
  /** Asks all parts to end and settles when they have; those still there after the grace (milliseconds) are killed. */
  stop: (grace: number) => Promise<void>;
}

const FIRST_WAIT = 500;
const LONGEST_WAIT = 30_000;
const SETTLED = 60_000;
const ATTEMPTS_TO_START = 3;

/** Starts the parts and starts them again, after ever longer waits, when they end by themselves. */
export function supervise(parts: Part[]): Supervised {
  const stopping = new AbortController();
  const children = new Map<string, ChildProcess>();
  const ready = Promise.all(parts.map((part) => keepRunning(part, children, stopping.signal)));
  const stop = async (grace: number) => {
    stopping.abort();
    await Promise.all([...children.values()].map((child) => ended(child, grace)));
  };
  return { ready: ready.then(() => undefined), stop };
}

function keepRunning(part: Part, children: Map<string, ChildProcess>, stopping: AbortSignal): Promise<void> {
  return new Promise((ready, fail) => {
    let hasBeenReady = !part.announces;
    if (hasBeenReady) ready();
    const onReady = () => {
      hasBeenReady = true;
      ready();
    };
    void (async () => {
      for (let failures = 1; !stopping.aborted; failures++) {
        const since = Date.now();
        const child = launch(part, onReady);
        children.set(part.name, child);
        const outcome = await outcomeOf(child);
        if (stopping.aborted) return;
        if (Date.now() - since > SETTLED) failures = 1;
        if (!hasBeenReady && failures === ATTEMPTS_TO_START)
          return fail(new Failure(`${part.name} does not start (${outcome})`));
        const wait = Math.min(FIRST_WAIT * 2 ** (failures - 1), LONGEST_WAIT);
        process.stderr.write(`${part.name} ended (${outcome}); starting it again in ${wait / 1000} s\n`);
        await pause(wait, undefined, { signal: stopping }).catch(() => undefined);
      }
    })();
  });
}

function launch(part: Part, onReady: () => void): ChildProcess {
  const child = spawn(process.execPath, part.args, {
    env: part.env,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    // Ctrl-C in the terminal is ours to pass on, once and in order.
    detached: true
  });
  const callOffGuard = endWithUs(child, 'TERM');
  void endOf(child).then(callOffGuard);
  child.on('message', (message) => message === 'ready' && onReady());
  return child;
}

function outcomeOf(child: ChildProcess): Promise<string> {
  return new Promise((done) => {
    child.once('exit', (code, signal) => done(signal ?? `code ${code}`));
    child.once('error', (error) => done(error.message));
  });
}

async function ended(child: ChildProcess, grace: number): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const over = endOf(child);
  child.kill('SIGTERM');
  const impatience = setTimeout(() => child.kill('SIGKILL'), grace);
  await over;
  clearTimeout(impatience);
}
