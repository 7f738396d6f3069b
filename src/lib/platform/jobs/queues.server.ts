import { createPostgresBackend, Queue, Worker, withBackend } from 'bullmq';
import type { Job, JobsOptions, WorkerOptions } from 'bullmq';
import { Redis } from 'ioredis';
import { log } from '#lib/platform/log.ts';
import { within } from './deadline.ts';
import type { Delivery, QueueName } from './define.server.ts';

/** Postgres schema that BullMQ's tables live in; owned by the owner role, used by rapport_queue. */
export const QUEUE_SCHEMA = 'queue';

export interface QueueAddress {
  databaseQueueUrl: string;
  redisUrl: string | null;
  /** Key prefix on Redis, so that several installations can share one server. */
  prefix?: string;
}

export interface WorkerTuning {
  concurrency: number;
  /** Milliseconds a job stays with a silent worker before another may have it. */
  lockDuration?: number;
  /** Milliseconds between two looks for jobs whose worker died. */
  stalledInterval?: number;
  /** How many workers may die of a job before it is given up; 20 of them when it is not said. */
  deaths?: number;
}

/** What we use of BullMQ's queue, the same on both back ends. */
export interface JobQueue {
  /** `jobId` is compulsory: BullMQ would make a sequence for ids of its own, which our role may not. */
  add(name: string, data: Delivery, options: JobsOptions & { jobId: string }): Promise<unknown>;
  upsertJobScheduler(
    id: string,
    every: { pattern: string },
    template: { name: string; data: Delivery; opts: Omit<JobsOptions, 'jobId' | 'delay' | 'repeat'> }
  ): Promise<unknown>;
  getJobScheduler(id: string): Promise<{ next?: number } | undefined>;
  getJobCounts(...states: ('waiting' | 'delayed' | 'active' | 'failed')[]): Promise<Record<string, number>>;
  on(event: 'error', listener: (error: Error) => void): unknown;
  close(): Promise<void>;
}

/** What we use of BullMQ's worker. */
export interface JobWorker {
  run(): Promise<void>;
  waitUntilReady(): Promise<void>;
  close(force?: boolean): Promise<void>;
  on(event: 'error', listener: (error: Error) => void): unknown;
  on(event: 'failed', listener: (job: Job<Delivery> | undefined, error: Error) => void): unknown;
}

export type Process = (job: Job<Delivery>) => Promise<unknown>;

export interface Queues {
  readonly backend: 'postgres' | 'redis';
  queue(name: QueueName): JobQueue;
  /** A worker that is not running yet: attach listeners, then call `run()`. */
  worker(name: QueueName, process: Process, tuning: WorkerTuning): JobWorker;
  /** Rejects when the queue does not answer within `timeout` milliseconds. */
  reachable(timeout: number): Promise<void>;
  close(): Promise<void>;
}

interface Medium extends Pick<Queues, 'backend' | 'queue' | 'worker' | 'close'> {
  /** Opens the connection for adding and reading anew. */
  reconnect(): void;
}

/**
 * Opens the queue on Redis where there is an address for it, else on Postgres.
 *
 * Connections on Postgres: one for everything that adds or reads (closed when idle), and two for each
 * worker (one pooled, one that listens). On Redis: one shared, and two for each worker.
 */
export function openQueues(address: QueueAddress): Queues {
  const medium =
    address.redisUrl === null
      ? onPostgres(address.databaseQueueUrl)
      : onRedis(address.redisUrl, address.prefix ?? 'rapport');
  return remembering(medium);
}

function onPostgres(connectionString: string): Medium {
  const connection = {
    connectionString,
    schema: QUEUE_SCHEMA,
    max: 1,
    idleTimeoutMillis: 10_000,
    keepAlive: true
  };
  const connect = () => {
    const backend = createPostgresBackend('work', { connection });
    backend.on('error', complaints());
    return backend;
  };
  let shared = connect();
  const producers = withBackend<ReturnType<typeof shared.forQueue>, object>((name) => shared.forQueue(name));
  const workers = withBackend(createPostgresBackend);
  return {
    backend: 'postgres',
    queue: (name) => new producers.Queue<Delivery>(name, { connection: {} }),
    worker: (name, process, tuning) =>
      new workers.Worker<Delivery>(name, process, { ...workerOptions(tuning), connection }),
    // One that could not connect the first time never tries again.
    reconnect: () => {
      void shared.close().catch(() => undefined);
      shared = connect();
    },
    close: () => shared.close()
  };
}

function onRedis(url: string, prefix: string): Medium {
  const shared = redisClient(url, 1);
  const clients = [shared];
  return {
    backend: 'redis',
    queue: (name) => new Queue<Delivery>(name, { connection: shared, prefix }),
    worker: (name, process, tuning) => {
      const connection = redisClient(url, null);
      clients.push(connection);
      return new Worker<Delivery>(name, process, { ...workerOptions(tuning), connection, prefix });
    },
    reconnect: () => undefined,
    close: () => {
      for (const client of clients) client.disconnect();
      return Promise.resolve();
    }
  };
}

/** A worker waits for Redis to come back; whoever adds a job is told at once, and the outbox keeps it. */
function redisClient(url: string, maxRetriesPerRequest: number | null): Redis {
  const client = new Redis(url, {
    maxRetriesPerRequest,
    retryStrategy: (attempt) => Math.min(attempt * 100, 2_000)
  });
  client.on('error', complaints());
  return client;
}

function workerOptions(tuning: WorkerTuning) {
  return {
    autorun: false,
    concurrency: tuning.concurrency,
    lockDuration: tuning.lockDuration ?? 20_000,
    stalledInterval: tuning.stalledInterval ?? 10_000,
    // The default of 1 fails a job for good when its workers are killed twice.
    maxStalledCount: tuning.deaths ?? 20,
    runRetryDelay: 2_000
  } satisfies Omit<WorkerOptions, 'connection'>;
}

function remembering(medium: Medium): Queues {
  const queues = new Map<QueueName, JobQueue>();
  const workers: JobWorker[] = [];
  const complain = complaints();
  const queue = (name: QueueName) => {
    const opened = queues.get(name) ?? medium.queue(name);
    if (!queues.has(name)) opened.on('error', complain);
    queues.set(name, opened);
    return opened;
  };
  return {
    backend: medium.backend,
    queue,
    worker: (name, process, tuning) => {
      const worker = medium.worker(name, process, tuning);
      worker.on('error', complain);
      workers.push(worker);
      return worker;
    },
    reachable: async (timeout) => {
      try {
        await within(timeout, 'The queue', queue('work').getJobCounts('waiting'));
      } catch (error) {
        queues.clear();
        medium.reconnect();
        throw error;
      }
    },
    close: async () => {
      await Promise.all(workers.map((worker) => worker.close(true)));
      await medium.close();
      await Promise.all([...queues.values()].map((opened) => opened.close()));
    }
  };
}

/** A lost connection repeats itself many times a second: the same complaint is logged once in half a minute. */
function complaints(): (error: Error) => void {
  let last = { message: '', at: 0 };
  return (error) => {
    if (error.message === last.message && Date.now() - last.at < 30_000) return;
    last = { message: error.message, at: Date.now() };
    log.warn({ err: error }, 'queue');
  };
}
