import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure, step } from '../script.ts';

const SOURCES = [
  'src',
  'static',
  'package-lock.json',
  'package.json',
  'svelte.config.js',
  'vite.config.ts',
  'tsconfig.json'
];
const STAMP = 'build/.sources';

/** Builds the web application unless the last build was made of the very same files. */
export async function buildWhenChanged(signal?: AbortSignal): Promise<void> {
  const sources = fingerprint();
  if (existsSync('build/handler.js') && existsSync(STAMP) && readFileSync(STAMP, 'utf8') === sources) return;
  await step('Building the application', () => viteBuild(signal));
  writeFileSync(STAMP, sources);
}

function fingerprint(): string {
  const hash = createHash('sha256');
  for (const path of SOURCES.flatMap(filesUnder))
    hash.update(`${path}\0`).update(readFileSync(path)).update('\0');
  return hash.digest('hex');
}

function filesUnder(path: string): string[] {
  if (!existsSync(path)) return [];
  if (path.includes('.')) return [path];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

function viteBuild(signal?: AbortSignal): Promise<void> {
  const env = { ...process.env, NODE_ENV: 'production' };
  const vite = spawn(process.execPath, ['node_modules/vite/bin/vite.js', 'build'], {
    env,
    signal,
    stdio: ['ignore', 'pipe', 'pipe']
  });
  let output = '';
  for (const stream of [vite.stdout, vite.stderr])
    stream.on('data', (text: Buffer) => (output += text.toString()));
  return new Promise((done, fail) => {
    vite.once('error', fail);
    vite.once('close', (code) =>
      code === 0 ? done() : fail(new Failure(`${output}\nThe application could not be built`))
    );
  });
}
