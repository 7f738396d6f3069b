const CHANNEL = 'rapport-live';

/** Tells `onNews` whenever something is new for the signed-in person; returns how to stop. Browser only. */
export function watchNews(onNews: () => void): () => void {
  // Browsers allow six connections to a host: one tab holds the stream and tells the others.
  const channel = new BroadcastChannel(CHANNEL);
  const stop = new AbortController();
  channel.onmessage = onNews;
  const tell = () => {
    onNews();
    channel.postMessage('news');
  };
  if ('locks' in navigator) {
    const hold = () => streamUntil(stop.signal, tell);
    navigator.locks.request(CHANNEL, { signal: stop.signal }, hold).catch(() => undefined);
  } else {
    // Locks exist in secure contexts only; over plain http each tab has its own stream.
    void streamUntil(stop.signal, onNews);
  }
  return () => {
    stop.abort();
    channel.close();
  };
}

const TRY_AGAIN_MS = 30_000;

function streamUntil(signal: AbortSignal, onNews: () => void): Promise<void> {
  return new Promise((resolve) => {
    let source: EventSource;
    let timer: ReturnType<typeof setTimeout>;
    const close = () => {
      clearTimeout(timer);
      source.close();
      resolve();
    };
    const open = () => {
      source = new EventSource('/api/live');
      source.addEventListener('news', onNews);
      source.addEventListener('ended', close);
      // The browser comes back by itself after a lost connection, not after a refusal.
      source.addEventListener('error', () => {
        if (source.readyState === EventSource.CLOSED) timer = setTimeout(open, TRY_AGAIN_MS);
      });
    };
    open();
    signal.addEventListener('abort', close);
  });
}
