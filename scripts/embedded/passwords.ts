import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

const NAMES = ['superuser', 'owner', 'app', 'system', 'queue'] as const;

export type Passwords = Record<(typeof NAMES)[number], string>;

/** The passwords of an embedded cluster, made on its first start and kept beside its data, for its owner's eyes only. */
export function passwordsOf(dataDir: string): Passwords {
  const file = `${dataDir}-passwords.json`;
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Passwords;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const passwords = Object.fromEntries(
    NAMES.map((name) => [name, randomBytes(24).toString('hex')])
  ) as Passwords;
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(file, JSON.stringify(passwords, null, 2) + '\n', { mode: 0o600 });
  return passwords;
}
