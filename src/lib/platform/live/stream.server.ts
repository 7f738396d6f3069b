import { validateSession } from '#lib/platform/auth/sessions.server.ts';
import { listen } from '#lib/platform/live/hub.server.ts';
import { log } from '#lib/platform/log.ts';

const CHECK_EVERY_MS = 15_000;
/** A browser that does not take what it is sent is cut off and will come back. */
const MOST_UNREAD = 50;

const event = (name: string) => `event: ${name}\ndata: {}\n\n`;

/**
 * Server-sent events for one signed-in browser: `ready` at the start, `notification` whenever something is new for the
 * person, `read` when he read something in whatever browser, `ended` when the session is over. The session is looked at again every `checkEveryMs`, without prolonging it.
 */
export function openStream(
  { id, hash, userId }: { id: string; hash: string; userId: number },
  checkEveryMs = CHECK_EVERY_MS
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let release = () => {};
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        let open = true;
        const close = () => {
          if (!open) return;
          release();
          controller.close();
        };
        const send = (text: string) => {
          if (!open) return;
          if ((controller.desiredSize ?? 0) < -MOST_UNREAD) close();
          else controller.enqueue(encoder.encode(text));
        };
        const end = () => {
          send(event('ended'));
          close();
        };
        const check = () =>
          validateSession(id, { touch: false }).then(
            (found) => (found ? send(': still here\n\n') : end()),
            // The database is away: nothing is told meanwhile, and the next look decides.
            (error: unknown) => log.warn({ err: error }, 'live session check')
          );
        const timer = setInterval(() => void check(), checkEveryMs);
        const stop = listen({
          userId,
          sessionHash: hash,
          onNews: () => send(event('notification')),
          onRead: () => send(event('read')),
          onEnd: end
        });
        release = () => {
          open = false;
          clearInterval(timer);
          stop();
        };
        send(`retry: 3000\n${event('ready')}`);
      },
      cancel: () => release()
    },
    { highWaterMark: 1 }
  );
}
