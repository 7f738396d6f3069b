import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const NOT_PART_OF_A_CLONE = new Set(['.git', '.svelte-kit', '.rapport', '.cache', 'node_modules']);

/** Puts a copy of this clone, with its packages and its build, into a folder that does not exist yet. */
export function cloneInto(folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync('.')) {
    if (!NOT_PART_OF_A_CLONE.has(name)) cpSync(name, join(folder, name), { recursive: true });
  }
  // Hard links are quick; across file systems it takes a real copy.
  const linked = spawnSync('cp', ['-al', 'node_modules', folder]);
  if (linked.status !== 0) spawnSync('cp', ['-a', 'node_modules', folder]);
}
