import { SESSION_ENDED } from '#lib/platform/auth/adapter.server.ts';
import { getConfig } from '#lib/platform/config.ts';
import { Client } from '#lib/platform/db/client.server.ts';
import { log } from '#lib/platform/log.ts';

/** The channel of notifications; the payload is the id of the person they are for, with `:read` where he read some. */
export const NOTIFICATIONS = 'app_notifications';

export interface Listener {
  userId: number;
  sessionHash: string;
  /** Something is new for this person. */
  onNews: () => void;
  /** He read something, here or elsewhere. */
  onRead: () => void;
  /** The session is over, or the process stops. */
  onEnd: () => void;
}

const LONGEST_PAUSE_MS = 30_000;

const listeners = new Set<Listener>();
let client: Client | null = null;
let retry: NodeJS.Timeout | undefined;
let failures = 0;
let stopped = false;

const endsSessionOf = ({ sessionHash, userId }: Listener, payload: string) =>
  payload === sessionHash || payload === `user:${userId}`;

function dispatch(channel: string, payload: string): void {
  for (const listener of [...listeners]) {
    if (channel === NOTIFICATIONS && payload === String(listener.userId)) listener.onNews();
    if (channel === NOTIFICATIONS && payload === `${listener.userId}:read`) listener.onRead();
    if (channel === SESSION_ENDED && endsSessionOf(listener, payload)) listener.onEnd();
  }
}

/** One connection of the whole process hears for everybody. */
function connect(): void {
  const next = new Client({ url: getConfig().databaseUrl, name: 'rapport live', onNotify: dispatch });
  client = next;
  next.onLost(() => reconnect(next));
  void next.sql.unsafe(`listen ${NOTIFICATIONS}; listen ${SESSION_ENDED}`).then(
    () => {
      // What came while nobody was listening is lost: everybody looks once.
      if (failures > 0) for (const listener of [...listeners]) listener.onNews();
      failures = 0;
    },
    (error: unknown) => {
      log.warn({ err: error }, 'live connection');
      next.destroy();
    }
  );
}

function reconnect(lost: Client): void {
  if (stopped || client !== lost) return;
  client = null;
  failures += 1;
  const pause = Math.min(LONGEST_PAUSE_MS, 250 * 2 ** Math.min(failures, 8));
  retry = setTimeout(() => {
    if (listeners.size > 0) connect();
  }, pause);
  retry.unref();
}

/** Hears for one open stream; returns how to stop. */
export function listen(listener: Listener): () => void {
  if (stopped) throw new Error('The process is stopping');
  listeners.add(listener);
  if (!client) {
    clearTimeout(retry);
    connect();
  }
  return () => listeners.delete(listener);
}

export const streamsOf = (userId: number) => [...listeners].filter((one) => one.userId === userId).length;

/** Ends every stream, and the connection; nothing can be listened to afterwards. */
export function stopListening(): void {
  stopped = true;
  clearTimeout(retry);
  for (const listener of [...listeners]) listener.onEnd();
  listeners.clear();
  void client?.end();
  client = null;
}
