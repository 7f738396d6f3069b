import { existsSync } from 'node:fs';
import { ConfigError } from '#lib/platform/config.ts';
import { AlreadyRunning } from './embedded/lock.ts';

/** Something the person who started the script can put right; its message is the whole of what he is told. */
export class Failure extends Error {}

/** Runs a script's main function; one line and a non-zero exit for what its user can put right. */
export function runScript(main: () => Promise<void> | void): void {
  // A terminal or a pipe that is gone must not keep us from stopping what we started.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  Promise.resolve()
    .then(main)
    .catch((error: unknown) => {
      process.exitCode = 1;
      process.stderr.write(`${describe(error)}\n`, () => process.exit());
    });
}

function describe(error: unknown): string {
  if (error instanceof Failure || error instanceof ConfigError || error instanceof AlreadyRunning)
    return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** Takes variables from a file `.env` that the environment does not set. */
export function readDotEnv(): void {
  if (existsSync('.env')) process.loadEnvFile('.env');
}

/** Prints what is being done, and how long it took once it is. */
export async function step<T>(title: string, work: () => Promise<T> | T): Promise<T> {
  const since = performance.now();
  process.stdout.write(`${title} … `);
  try {
    const result = await work();
    process.stdout.write(`${((performance.now() - since) / 1000).toFixed(1)} s\n`);
    return result;
  } catch (error) {
    process.stdout.write('\n');
    throw error;
  }
}
