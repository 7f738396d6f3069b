import { renew } from '#lib/notifications/reading.ts';
import { keepDraft } from '#lib/ui/drafts.ts';
import { toast } from '#lib/ui/toast.ts';

const NAME = 'rapport-live';
const RETRY_MS = 30_000;
/** What shows notifications. */
const SHOWN = ['app:frame', 'app:notifications'];

/**
 * Follows what arrives for this person while the app is open. Browsers allow six connections a host, so one
 * tab holds the stream (the one with the lock; another takes over when it closes) and tells the others.
 * Returns what stops it.
 */
export function followLive(userId: number): () => void {
  const channel = new BroadcastChannel(NAME);
  const leaving = new AbortController();
  channel.onmessage = ({ data }) => {
    if (data === 'ended') leave(userId);
    else void renew(...SHOWN);
  };

  const lead = () =>
    new Promise<void>((resolve) => {
      const close = openStream({
        onnews: (isNew) => {
          channel.postMessage('renew');
          void renew(...SHOWN);
          if (isNew) void announce();
        },
        onended: () => {
          channel.postMessage('ended');
          leave(userId);
        }
      });
      leaving.signal.addEventListener('abort', () => {
        close();
        resolve();
      });
    });
  // Without locks (an insecure origin) every tab follows by itself.
  const leading = navigator.locks ? navigator.locks.request(NAME, { signal: leaving.signal }, lead) : lead();
  leading.catch(() => undefined);

  return () => {
    leaving.abort();
    channel.close();
  };
}

/**
 * The session ended: a whole new page leads to the sign-in and leaves nothing of this one in memory, but for what was
 * being typed into a form.
 */
function leave(userId: number): void {
  const typed = document.querySelector<HTMLFormElement>('form[data-dirty]');
  if (typed) keepDraft(typed, userId);
  location.reload();
}

interface Listeners {
  /** On news (true); when something was read, and once it listens, when news may have been missed until then (false). */
  onnews: (isNew: boolean) => void;
  onended: () => void;
}

/** Returns what closes the stream. */
function openStream({ onnews, onended }: Listeners): () => void {
  let source: EventSource;
  let retry: ReturnType<typeof setTimeout> | undefined;
  const connect = () => {
    source = new EventSource('/api/live');
    source.addEventListener('notification', () => onnews(true));
    source.addEventListener('read', () => onnews(false));
    source.addEventListener('ready', () => onnews(false));
    source.addEventListener('ended', () => {
      source.close();
      onended();
    });
    // The browser reconnects by itself, but gives up after a refusal.
    source.onerror = () => {
      if (source.readyState === EventSource.CLOSED) retry = setTimeout(connect, RETRY_MS);
    };
  };
  connect();
  return () => {
    clearTimeout(retry);
    source.close();
  };
}

/** Says the newest unread notification, in the tab that holds the stream. */
async function announce() {
  const { api } = await import('#lib/platform/trpc/client.ts');
  const { items } = await api.notifications.list.query({ filter: { unread: true }, limit: 1 });
  const [latest] = items;
  if (!latest) return;
  toast.info(latest.title, {
    description: latest.reason,
    open: { label: 'Open', href: latest.page ?? '/notifications' }
  });
}
