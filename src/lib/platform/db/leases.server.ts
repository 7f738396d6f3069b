import { Client } from '#lib/platform/db/client.server.ts';
import { Lease } from '#lib/platform/db/lease.server.ts';
import { Unavailable } from '#lib/platform/errors.ts';

export interface LeasePoolOptions {
  url: string;
  /** The most connections at a time. */
  size: number;
  /** Shown as application_name in pg_stat_activity. */
  name: string;
  /** Session settings, such as statement_timeout in milliseconds. */
  settings?: Record<string, string | number>;
  /** How many may wait for a connection, and how long. */
  waitLimit?: number;
  waitMs?: number;
}

export interface LeasePool {
  /** A connection for one transaction; rejects with Unavailable when none comes free in time. */
  lease(): Promise<Lease>;
  /** Refuses new leases, waits up to `graceMs` for the ones out, then closes every connection. */
  stop(graceMs?: number): Promise<void>;
  stats(): { size: number; connections: number; idle: number; waiting: number };
}

interface Waiter {
  resolve: (lease: Lease) => void;
  reject: (error: unknown) => void;
  timer: NodeJS.Timeout;
}

/** A connection that keeps more prepared statements than this is replaced, so that server memory stays bounded. */
const MOST_PREPARED = 500;

class Pool implements LeasePool {
  readonly #options: Required<Pick<LeasePoolOptions, 'size' | 'waitLimit' | 'waitMs'>> & LeasePoolOptions;
  readonly #clients = new Set<Client>();
  readonly #idle: Client[] = [];
  readonly #waiting: Waiter[] = [];
  #stopped = false;
  #drained: (() => void) | null = null;

  constructor(options: LeasePoolOptions) {
    this.#options = { waitLimit: options.size * 50, waitMs: 10_000, ...options };
  }

  lease(): Promise<Lease> {
    if (this.#stopped) return Promise.reject(new Unavailable('The service is stopping'));
    const client = this.#free();
    return client ? Promise.resolve(this.#hand(client)) : this.#queue();
  }

  stats() {
    return {
      size: this.#options.size,
      connections: this.#clients.size,
      idle: this.#idle.length,
      waiting: this.#waiting.length
    };
  }

  async stop(graceMs = 5000): Promise<void> {
    this.#stopped = true;
    for (const waiter of this.#waiting.splice(0)) this.#refuse(waiter, 'The service is stopping');
    if (this.#idle.length < this.#clients.size) await this.#drain(graceMs);
    const clients = [...this.#clients];
    const idle = new Set(this.#idle.splice(0));
    this.#clients.clear();
    await Promise.all(clients.map(async (client) => (idle.has(client) ? client.end() : client.destroy())));
  }

  #free(): Client | null {
    const idle = this.#idle.pop();
    if (idle) return idle;
    return this.#clients.size < this.#options.size ? this.#open() : null;
  }

  #open(): Client {
    const client = new Client(this.#options);
    this.#clients.add(client);
    client.onLost(() => this.#remove(client));
    return client;
  }

  #hand(client: Client): Lease {
    return new Lease(client, (returned) => this.#take(returned));
  }

  #take(client: Client): void {
    if (!this.#clients.has(client)) return;
    if (client.prepared.size > MOST_PREPARED) {
      this.#remove(client);
      void client.end();
      return;
    }
    this.#idle.push(client);
    this.#serve();
  }

  #remove(client: Client): void {
    this.#clients.delete(client);
    const index = this.#idle.indexOf(client);
    if (index >= 0) this.#idle.splice(index, 1);
    this.#serve();
  }

  #serve(): void {
    if (this.#stopped) {
      if (this.#idle.length === this.#clients.size) this.#drained?.();
      return;
    }
    while (this.#waiting.length > 0) {
      const client = this.#free();
      if (!client) return;
      const waiter = this.#waiting.shift();
      if (!waiter) return;
      clearTimeout(waiter.timer);
      waiter.resolve(this.#hand(client));
    }
  }

  #queue(): Promise<Lease> {
    if (this.#waiting.length >= this.#options.waitLimit)
      return Promise.reject(new Unavailable('Too busy right now'));
    return new Promise((resolve, reject) => {
      const waiter: Waiter = { resolve, reject, timer: setTimeout(() => expire(), this.#options.waitMs) };
      const expire = () => {
        this.#waiting.splice(this.#waiting.indexOf(waiter), 1);
        this.#refuse(waiter, 'Too busy right now. Please try again');
      };
      this.#waiting.push(waiter);
    });
  }

  #refuse(waiter: Waiter, message: string): void {
    clearTimeout(waiter.timer);
    waiter.reject(new Unavailable(message));
  }

  #drain(graceMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, graceMs);
      this.#drained = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

/**
 * A fixed set of single-connection clients, each owned by one transaction at a time. The driver's own pool can run
 * the rest of one person's transaction inside another's when a connection is cut, so it is not used.
 */
export function createLeasePool(options: LeasePoolOptions): LeasePool {
  return new Pool(options);
}

export type { Lease };
