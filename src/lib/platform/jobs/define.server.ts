import type { z } from 'zod';

/** `work` is for the firm's own jobs, `mail` for what waits on other machines. */
export const QUEUE_NAMES = ['work', 'mail'] as const;
export type QueueName = (typeof QUEUE_NAMES)[number];

export interface Job<Payload = unknown> {
  readonly name: string;
  readonly schema: z.ZodType<Payload>;
  readonly queue: QueueName;
  /** Deliveries before the job becomes a dead letter; the wait between them doubles from one second. */
  readonly attempts: number;
}

/** What travels through the queue: the row of `job_outbox` it stands for, and ids only. */
export interface Delivery {
  outboxId: number | null;
  payload: unknown;
}

const declared = new Map<string, Job>();

/**
 * Declares a job. Its payload holds ids, never the data itself: a handler reads the state again, because
 * a job may come late, twice, or after somebody else did the work.
 */
export function defineJob<Payload>(
  name: string,
  schema: z.ZodType<Payload>,
  options: { queue?: QueueName; attempts?: number } = {}
): Job<Payload> {
  // Vite's development server evaluates a changed module again.
  if (declared.has(name) && import.meta.env?.MODE !== 'development')
    throw new Error(`The job ${name} is declared twice`);
  const job: Job<Payload> = {
    name,
    schema,
    queue: options.queue ?? 'work',
    attempts: options.attempts ?? 12
  };
  declared.set(name, job);
  return job;
}

export function declaredJob(name: string): Job | undefined {
  return declared.get(name);
}

export function declaredJobs(): Job[] {
  return [...declared.values()];
}
