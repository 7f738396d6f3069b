import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { importSchemes } from '#lib/imports/commands.server.ts';
import { temporaryFolder } from '../sales-sample/sample.ts';

type Options = Parameters<typeof importSchemes>[1];

/** A made-up list of the shape AMFI publishes: seven schemes, two of one name, of two fund houses. */
export const SCHEMES_SAMPLE = fileURLToPath(new URL('schemes.txt', import.meta.url));

/** A copy of the sample, changed, removed when the test is over. */
export function changedSchemes(change: (text: string) => string | Buffer): string {
  const file = join(temporaryFolder(), 'schemes.txt');
  writeFileSync(file, change(readFileSync(SCHEMES_SAMPLE, 'utf8')));
  return file;
}

/** Runs the import as the command does; rejected rows are not expected unless a place for them is given. */
export function runSchemes(file: string, options: Partial<Options> = {}) {
  return importSchemes(file, {
    rejects: '/nowhere/rejected.csv',
    replaceDemo: false,
    firmName: 'Harbour & Co',
    currency: null,
    progress: () => undefined,
    signal: new AbortController().signal,
    ...options
  });
}
