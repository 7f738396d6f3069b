import { type Job as Delivered, UnrecoverableError, WaitingError } from 'bullmq';
import { ZodError } from 'zod';
import { databaseError } from '#lib/platform/db/failures.server.ts';
import { log } from '#lib/platform/log.ts';
import { within } from './deadline.ts';
import { declaredJobs, QUEUE_NAMES, type Delivery, type Job, type QueueName } from './define.server.ts';
import { bury, finish, isOutstanding, noteFailure } from './outbox.server.ts';
import { reach } from './points.ts';
import type { JobWorker, Queues, WorkerTuning } from './queues.server.ts';

export interface JobContext {
  /** Aborted when the process stops and gives the job back; what was not committed by then runs again elsewhere. */
  signal: AbortSignal;
  /** 1 on the first delivery. */
  attempt: number;
  lastAttempt: boolean;
}

export interface Handler {
  job: Job;
  run(payload: unknown, context: JobContext): Promise<unknown>;
}

/** Binds a job to the one function that does it. */
export function handle<Payload>(
  job: Job<Payload>,
  run: (payload: Payload, context: JobContext) => Promise<unknown>
): Handler {
  return { job, run: (payload, context) => run(job.schema.parse(payload), context) };
}

export interface RunningWorkers {
  /** Settles once the workers can take jobs; rejects when they cannot within `timeout` milliseconds. */
  ready(timeout: number): Promise<void>;
  /** Takes no more jobs, lets running ones finish for `grace` milliseconds and then gives them back. */
  stop(grace: number): Promise<void>;
}

export type Tuning = Record<QueueName, WorkerTuning>;

/** Starts a worker for each queue. Throws unless each declared job has exactly one handler. */
export function startWorkers(queues: Queues, handlers: Handler[], tuning: Tuning): RunningWorkers {
  const byName = handlersByName(handlers);
  const giveBack = new AbortController();
  const workers = QUEUE_NAMES.map((name) => {
    const process = (delivered: Delivered<Delivery>) => deliver(byName, delivered, giveBack.signal);
    const worker = queues.worker(name, process, tuning[name]);
    worker.on('failed', (delivered, error) => void afterFailure(name, delivered, error));
    worker.run().catch((error: unknown) => log.error({ err: error, queue: name }, 'worker stopped'));
    return worker;
  });
  const allReady = () => Promise.all(workers.map((worker) => worker.waitUntilReady()));
  return {
    ready: async (timeout) => void (await within(timeout, 'The queue', allReady())),
    stop: (grace) => stop(workers, giveBack, grace)
  };
}

function handlersByName(handlers: Handler[]): Map<string, Handler> {
  const byName = new Map(handlers.map((handler) => [handler.job.name, handler]));
  const names = handlers.map((handler) => handler.job.name);
  const twice = names.filter((name, index) => names.indexOf(name) !== index);
  if (twice.length > 0) throw new Error(`These jobs have two handlers: ${twice.join(', ')}`);
  const without = declaredJobs().filter((job) => !byName.has(job.name));
  if (without.length > 0)
    throw new Error(`These jobs have no handler: ${without.map((job) => job.name).join(', ')}`);
  return byName;
}

async function deliver(byName: Map<string, Handler>, delivered: Delivered<Delivery>, signal: AbortSignal) {
  const { outboxId, payload } = delivered.data;
  const handler = byName.get(delivered.name);
  if (!handler) throw new UnrecoverableError(`No handler for ${delivered.name}`);
  const attempt = delivered.attemptsMade + 1;
  const lastAttempt = attempt >= (delivered.opts.attempts ?? 1);
  try {
    if (outboxId !== null && !(await isOutstanding(outboxId))) return;
    reach('job begun');
    await unlessAborted(signal, () => handler.run(payload, { signal, attempt, lastAttempt }));
  } catch (error) {
    if (signal.aborted) return giveBackToQueue(delivered);
    const failure = asFailure(delivered.name, error);
    if (outboxId !== null) await noteFailure(outboxId, failure.message);
    throw failure;
  }
  reach('job done');
  if (outboxId !== null) await finish(outboxId);
  reach('job finished');
}

async function unlessAborted(signal: AbortSignal, work: () => Promise<unknown>): Promise<void> {
  const aborted = Promise.withResolvers<never>();
  const abort = () => aborted.reject(new Error('The worker is stopping'));
  signal.addEventListener('abort', abort);
  try {
    signal.throwIfAborted();
    await Promise.race([work(), aborted.promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

async function giveBackToQueue(delivered: Delivered<Delivery>): Promise<never> {
  await delivered.moveToWait(delivered.token);
  throw new WaitingError();
}

function asFailure(job: string, error: unknown): Error {
  log.error({ err: error, job }, 'job failed');
  if (error instanceof ZodError) return new UnrecoverableError('The payload does not fit the job');
  return new Error(failureText(error));
}

/** What may be kept and shown of an error: a failed statement's message holds its parameters. */
export function failureText(error: unknown): string {
  const refused = databaseError(error);
  if (refused) return `Database error ${refused.code} ${refused.constraint_name ?? ''}`.trim();
  const [firstLine = ''] = error instanceof Error ? error.message.split('\n') : ['Unknown error'];
  return firstLine.slice(0, 500);
}

/** Also reached for a job whose workers died too often, which no handler sees any more. */
async function afterFailure(queue: QueueName, delivered: Delivered<Delivery> | undefined, error: Error) {
  const outboxId = delivered?.data.outboxId;
  if (!delivered || typeof outboxId !== 'number' || delivered.finishedOn === undefined) return;
  const failure = { queue, error: error.message, attempts: delivered.attemptsMade };
  await bury(outboxId, failure).catch((err: unknown) =>
    log.error({ err, job: delivered.name }, 'dead letter not kept')
  );
}

async function stop(workers: JobWorker[], giveBack: AbortController, grace: number): Promise<void> {
  const timer = setTimeout(() => giveBack.abort(), grace);
  await Promise.all(workers.map((worker) => worker.close()));
  clearTimeout(timer);
}
