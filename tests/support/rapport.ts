import { spawn, type ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { endWithUs } from '../../scripts/processes.ts';

interface Options {
  /** The clone to start; this one unless told. */
  folder?: string;
  /** Nothing is inherited but PATH and HOME. */
  env: Record<string, string>;
  user?: { uid: number; gid: number };
  /** Options for the Node that runs the bootstrap. */
  nodeOptions?: string[];
  /** `npm start` itself, and not what it runs. */
  throughNpm?: boolean;
}

export interface StartedRapport {
  process: ChildProcess;
  /** Everything printed so far, to both outputs. */
  output: () => string;
  /** The exit code, once it has ended. */
  ended: Promise<number | null>;
}

export interface RunningRapport extends StartedRapport {
  address: string;
  emails: string[];
  password: string;
  /** Ctrl-C in its terminal: the signal reaches the whole process group. */
  interrupt: () => Promise<number | null>;
}

/** Runs what `npm start` runs, in a process group of its own. */
export function startRapport({
  folder = '.',
  env,
  user,
  nodeOptions = [],
  throughNpm
}: Options): StartedRapport {
  const [program, args] = throughNpm
    ? ['npm', ['start']]
    : [process.execPath, [...nodeOptions, 'scripts/start.js']];
  const child = spawn(program, args, {
    cwd: resolve(folder),
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
    ...user
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text: Buffer) => (output += text.toString()));
  const ended = new Promise<number | null>((done) => child.once('close', done));
  const callOffGuard = endWithUs(child, 'TERM');
  void ended.then(callOffGuard);
  return { process: child, output: () => output, ended };
}

/** Starts and waits for the announcement; fails with what was printed when it ends before. */
export async function runRapport(options: Options): Promise<RunningRapport> {
  const started = startRapport(options);
  const announced = new Promise<void>((done) => {
    started.process.stdout?.on('data', () => started.output().includes('Ctrl-C stops it') && done());
  });
  const early = started.ended.then((code) =>
    Promise.reject(new Error(`Ended with ${code}:\n${started.output()}`))
  );
  await Promise.race([announced, early]);
  early.catch(() => undefined);
  const output = started.output();
  const interrupt = () => {
    const { pid, exitCode, signalCode } = started.process;
    if (pid && exitCode === null && signalCode === null) process.kill(-pid, 'SIGINT');
    return started.ended;
  };
  return {
    ...started,
    interrupt,
    address: /running at (\S+)/.exec(output)?.[1] ?? '',
    emails: [...output.matchAll(/^ {2}(\S+@\S+) +level [012] /gm)].map(([, email]) => email ?? ''),
    password: /^password: (.+)$/m.exec(output)?.[1] ?? ''
  };
}

/** Runs something that must refuse to start; its exit code and what it printed. */
export async function refusal(options: Options): Promise<{ code: number | null; lines: string[] }> {
  const started = startRapport(options);
  const code = await started.ended;
  return { code, lines: started.output().trim().split('\n') };
}

/** Processes of this system that have the text in their arguments or their environment. Linux only. */
export function processesWith(text: string): { pid: number; command: string }[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0 && pid !== process.pid)
    .map((pid) => ({ pid, command: read(pid, 'cmdline'), environment: read(pid, 'environ') }))
    .filter(({ command, environment }) => command.includes(text) || environment.includes(text))
    .map(({ pid, command }) => ({ pid, command }));
}

function read(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}
