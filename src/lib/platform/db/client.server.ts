import net from 'node:net';
import postgres from 'postgres';
import { Unavailable } from '#lib/platform/errors.ts';
import { wireTypes } from '#lib/platform/db/types.server.ts';

export interface ClientOptions {
  url: string;
  /** Shown as application_name in pg_stat_activity. */
  name: string;
  /** Further settings of the session, such as statement_timeout in milliseconds. */
  settings?: Record<string, string | number>;
  onNotify?: (channel: string, payload: string) => void;
}

interface SocketTarget {
  path?: string;
  host: string[];
  port: number[];
}

const CONNECT_TIMEOUT_MS = 10_000;

/**
 * One connection to Postgres that lives once. The driver reconnects on its own and would run statements that
 * were waiting outside their transaction, so a client may open a single socket: after it closed, everything fails.
 */
export class Client {
  readonly sql: postgres.Sql;
  closed = false;
  /** Texts the server keeps prepared for this connection. */
  readonly prepared = new Set<string>();
  readonly #watchers = new Set<(error: Unavailable) => void>();
  #socket: net.Socket | null = null;

  constructor({ url, name, settings, onNotify }: ClientOptions) {
    const options = {
      max: 1,
      max_lifetime: null,
      idle_timeout: undefined,
      connect_timeout: CONNECT_TIMEOUT_MS / 1000,
      prepare: true,
      fetch_types: false,
      types: wireTypes,
      connection: { application_name: name, ...settings },
      socket: (target: SocketTarget) => this.#connect(target),
      onnotice: () => undefined,
      onnotify: onNotify,
      onclose: () => this.#lost()
    };
    this.sql = postgres(url, options as unknown as postgres.Options<Record<string, never>>);
  }

  /** Calls back once when the connection is gone; returns how to stop listening. */
  onLost(watcher: (error: Unavailable) => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  /** Cuts the connection; whatever is under way on it fails. */
  destroy(): void {
    this.#lost();
    this.#socket?.destroy();
  }

  /** Says goodbye to the server; only for a client that nobody uses. */
  async end(): Promise<void> {
    this.closed = true;
    this.#watchers.clear();
    await this.sql.end({ timeout: 1 }).catch(() => undefined);
    this.#socket?.destroy();
  }

  #lost(): void {
    this.closed = true;
    const error = new Unavailable('The connection to the database was lost. Please try again');
    const watchers = [...this.#watchers];
    this.#watchers.clear();
    for (const watcher of watchers) watcher(error);
  }

  #connect({ path, host, port }: SocketTarget): Promise<net.Socket> {
    const refused = () => Object.assign(new Error('The connection is gone'), { code: 'CONNECTION_CLOSED' });
    if (this.#socket !== null || this.closed) {
      this.#lost();
      return Promise.reject(refused());
    }
    const socket = path ? net.connect(path) : net.connect(port[0] ?? 5432, host[0]);
    this.#socket = socket;
    // The driver takes the server's name for TLS from here.
    Object.assign(socket, { host: host[0], port: port[0] });
    return new Promise((resolve, reject) => {
      const fail = (error: Error) => {
        socket.destroy();
        reject(error);
        this.#lost();
      };
      const gone = () => fail(refused());
      socket.setTimeout(CONNECT_TIMEOUT_MS, gone);
      socket.once('error', fail);
      socket.once('close', gone);
      socket.once('connect', () => {
        socket.setTimeout(0);
        socket.removeAllListeners();
        resolve(socket);
      });
    });
  }
}
