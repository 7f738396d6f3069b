import { basename } from 'node:path';
import { RuleViolation } from '#lib/platform/errors.ts';

/** Why a file cannot be read, as a RuleViolation; any other error as it is. */
export function inWords(error: unknown, path: string, line?: number): unknown {
  switch (error instanceof Error && 'code' in error ? error.code : null) {
    case 'ENOENT':
    case 'ENOTDIR':
      return new RuleViolation(`There is no file ${path}`);
    case 'EISDIR':
      return new RuleViolation(`${path} is a folder and not a file`);
    case 'EACCES':
      return new RuleViolation(`${path} may not be read by this user`);
    case 'ERR_ENCODING_INVALID_ENCODED_DATA':
      return new RuleViolation(
        `${basename(path)} is broken${line ? ` near line ${line}` : ''}: its text does not decode. Save it as "CSV UTF-8"`
      );
    default:
      return error;
  }
}
