import { randomUUID } from 'node:crypto';
import { open, unlink, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { NotFound, TooManyAttempts } from '#lib/platform/errors.ts';

interface Waiting {
  handle: FileHandle;
  userId: number;
  timer: NodeJS.Timeout;
}

/** Each holds a connection to the database while it is written. */
const MOST_AT_ONCE = 2;
const KEPT_MS = 60_000;

const waiting = new Map<string, Waiting>();
let writing = 0;

/**
 * Writes a file that has no name: it is gone with the process, and nobody else opens it. So a slow reader holds no
 * connection to the database, and the audit entry says how many rows there are before the first of them leaves.
 * Throws TooManyAttempts while two are being written.
 */
export async function spool<T>(
  userId: number,
  write: (add: (text: string) => Promise<void>) => Promise<T>
): Promise<{ id: string; bytes: number; result: T }> {
  if (writing >= MOST_AT_ONCE)
    throw new TooManyAttempts('Two exports are being prepared right now. Please try again in a minute');
  writing += 1;
  try {
    const handle = await nameless();
    try {
      let bytes = 0;
      const result = await write(async (text) => {
        bytes += (await handle.write(text)).bytesWritten;
      });
      return { id: keep(handle, userId), bytes, result };
    } catch (error) {
      await handle.close();
      throw error;
    }
  } finally {
    writing -= 1;
  }
}

async function nameless(): Promise<FileHandle> {
  const file = path.join(tmpdir(), `rapport-${randomUUID()}`);
  const handle = await open(file, 'wx+', 0o600);
  await unlink(file);
  return handle;
}

function keep(handle: FileHandle, userId: number): string {
  const id = randomUUID();
  const timer = setTimeout(() => {
    waiting.delete(id);
    void handle.close();
  }, KEPT_MS);
  timer.unref();
  waiting.set(id, { handle, userId, timer });
  return id;
}

/** The file, to be read once by whom it was written for. NotFound for anybody else and when it is gone. */
export function fetchSpooled(id: string, userId: number): ReadableStream<Uint8Array> {
  const found = waiting.get(id);
  if (found?.userId !== userId) throw new NotFound();
  waiting.delete(id);
  clearTimeout(found.timer);
  return Readable.toWeb(found.handle.createReadStream({ start: 0 })) as ReadableStream<Uint8Array>;
}
