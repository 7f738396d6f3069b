import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { RuleViolation } from '#lib/platform/errors.ts';

export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';

const MARKS: [Encoding, number[]][] = [
  ['utf-8', [0xef, 0xbb, 0xbf]],
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]]
];
/** Bytes that Windows-1252 gives no character, and NUL. */
const NO_CHARACTER = [0x00, 0x81, 0x8d, 0x8f, 0x90, 0x9d];
const LOOKED_AT = 4096;
/** Separators, digits and line ends leave one byte of a pair empty, whatever the script of the words. */
const EMPTY_HALVES = 0.15;

/**
 * How the text of a file is encoded: by its byte order mark, by the empty halves of UTF-16, else UTF-8 where all of it
 * is valid, else Windows-1252. Throws a RuleViolation for what is none of them.
 */
export async function encodingOf(path: string): Promise<Encoding> {
  const start = await startOf(path);
  const marked = MARKS.find(([, mark]) => mark.every((byte, index) => start[index] === byte));
  if (marked) return marked[0];
  const wide = wideEncodingOf(start);
  if (wide) return wide;
  if (await isUtf8(path)) return 'utf-8';
  for await (const chunk of createReadStream(path))
    if (NO_CHARACTER.some((byte) => (chunk as Buffer).includes(byte)))
      throw new RuleViolation(
        `${basename(path)} is neither in UTF-8 nor in UTF-16 or Windows-1252: save it as "CSV UTF-8"`
      );
  return 'windows-1252';
}

/** The text of a file, piece by piece, without its byte order mark. */
export async function* decoded(path: string, encoding: Encoding): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  for await (const chunk of createReadStream(path)) yield decoder.decode(chunk as Buffer, { stream: true });
  yield decoder.decode();
}

/** The first few thousand characters of a file. */
export async function openingOf(path: string, encoding: Encoding, bytes = 65_536): Promise<string> {
  return new TextDecoder(encoding).decode(await startOf(path, bytes), { stream: true });
}

async function startOf(path: string, bytes = LOOKED_AT): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of createReadStream(path, { end: bytes - 1 })) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function wideEncodingOf(start: Buffer): Encoding | null {
  const pairs = Math.floor(start.length / 2);
  if (pairs === 0 || start.length % 2 === 1) return null;
  const empty = [0, 1].map((half) => start.filter((byte, index) => byte === 0 && index % 2 === half).length);
  const [high = 0, low = 0] = empty.map((count) => count / pairs);
  if (low > EMPTY_HALVES && high < low / 4) return 'utf-16le';
  if (high > EMPTY_HALVES && low < high / 4) return 'utf-16be';
  return null;
}

async function isUtf8(path: string): Promise<boolean> {
  try {
    for await (const text of decoded(path, 'utf-8')) void text;
    return true;
  } catch (error) {
    if (error instanceof TypeError && 'code' in error && error.code === 'ERR_ENCODING_INVALID_ENCODED_DATA')
      return false;
    throw error;
  }
}
