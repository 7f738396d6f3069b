import { EventEmitter } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { Failure } from '../script.ts';

// Longer than the 60 seconds a proxy usually keeps a connection, so that it never meets one just closed.
const KEEP_ALIVE = 65_000;

export interface Serving {
  /** Ends live streams, finishes requests under way for at most the grace (milliseconds), closes the database. */
  stop: (grace: number) => Promise<void>;
}

/** Listens; the application hears about the end through the events `rapport:stop` and `rapport:close` of `process`. */
export async function serve(listener: RequestListener, host: string, port: number): Promise<Serving> {
  let stopping = false;
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE }, (request, response) => {
    if (stopping) response.setHeader('connection', 'close');
    response.once('close', () => stopping && server.closeIdleConnections());
    listener(request, response);
  });
  await listening(server, host, port);
  const stop = async (grace: number) => {
    stopping = true;
    const closed = new Promise((done) => server.close(done));
    void tellApplication('rapport:stop');
    const impatience = setTimeout(() => server.closeAllConnections(), grace);
    await closed;
    clearTimeout(impatience);
    await Promise.race([tellApplication('rapport:close'), pause(1_000)]);
  };
  return { stop };
}

function listening(server: Server, host: string, port: number): Promise<void> {
  return new Promise((done, fail) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      fail(new Failure(`Cannot listen on ${host}:${port} (${error.code})`))
    );
    server.listen(port, host, done);
  });
}

// The built application is a bundle with modules of its own; the process object is what it shares with us.
function tellApplication(event: 'rapport:stop' | 'rapport:close'): Promise<unknown> {
  const work: Promise<unknown>[] = [];
  EventEmitter.prototype.emit.call(process, event, (promise: Promise<unknown>) => work.push(promise));
  return Promise.allSettled(work);
}
