import { statSync } from 'node:fs';
import { basename } from 'node:path';
import { RuleViolation } from '#lib/platform/errors.ts';
import { decoded, encodingOf } from './encoding.server.ts';
import { inWords } from './unreadable.ts';

const MOST_BYTES = 100_000_000;

/** A whole text file in any encoding we know. Throws a RuleViolation when it is missing, too large or no text. */
export async function textOf(path: string): Promise<string> {
  try {
    if (statSync(path).size > MOST_BYTES)
      throw new RuleViolation(`${basename(path)} is larger than ${MOST_BYTES / 1_000_000} MB`);
    return (await Array.fromAsync(decoded(path, await encodingOf(path)))).join('');
  } catch (error) {
    throw inWords(error, path);
  }
}
