import { declaredJob, declaredJobs, type Job } from './define.server.ts';
import { claimForgotten, claimWaiting, unclaim, type OutboxJob } from './outbox.server.ts';
import { within } from './deadline.ts';
import { reach } from './points.ts';
import type { Queues } from './queues.server.ts';

/** Milliseconds; a client that is reconnecting would wait for ever. */
const HANDOVER_TIMEOUT = 5_000;
const BATCHES_OFFERED = 5;

/**
 * Hands waiting jobs to the queue until none are left; returns how many. Where the queue cannot be reached
 * they stay in the outbox and it throws. A crash in between leaves them to `relayForgotten`.
 */
export async function relayWaiting(queues: Queues): Promise<number> {
  let relayed = 0;
  for (;;) {
    const claimed = await claimWaiting(knownJobs());
    if (claimed.length === 0) return relayed;
    await hand(queues, claimed);
    relayed += claimed.length;
  }
}

/**
 * Offers jobs that are overdue by so many milliseconds again: a queue that still has them ignores it, one that lost
 * them gets them back. A long backlog is not offered all at once.
 */
export async function relayForgotten(queues: Queues, after: number): Promise<number> {
  let offered = 0;
  for (let batch = 0; batch < BATCHES_OFFERED; batch += 1) {
    const claimed = await claimForgotten(knownJobs(), after);
    await hand(queues, claimed);
    offered += claimed.length;
    // With no delay at all the same ones would come again and again.
    if (claimed.length === 0 || after === 0) break;
  }
  return offered;
}

// A job of a newer version waits for a worker that knows it.
const knownJobs = () => declaredJobs().map((job) => job.name);

async function hand(queues: Queues, claimed: OutboxJob[]): Promise<void> {
  const results = await Promise.allSettled(claimed.map((one) => add(queues, one)));
  if (claimed.length > 0) reach('outbox handed over');
  const failed = results.flatMap((result, index) =>
    result.status === 'rejected' ? [{ id: claimed[index]?.id ?? 0, reason: result.reason as Error }] : []
  );
  if (failed.length === 0) return;
  await unclaim(failed.map(({ id }) => id));
  throw new Error(`${failed.length} jobs did not reach the queue`, { cause: failed[0]?.reason });
}

async function add(queues: Queues, { id, job: name, payload, runAt, attempts }: OutboxJob): Promise<void> {
  const job = declaredJob(name) as Job;
  // A queue that lost its memory does not know how often the job failed already.
  const left = Math.max(1, job.attempts - attempts);
  const added = queues.queue(job.queue).add(
    name,
    { outboxId: id, payload },
    {
      ...deliveryOptions({ attempts: left }),
      // The queue ignores a second job with the same id while it holds the first.
      jobId: `outbox-${id}`,
      delay: Math.max(0, runAt.getTime() - Date.now())
    }
  );
  await within(HANDOVER_TIMEOUT, 'The queue', added);
}

/** Attempts double their distance from one second; the queue forgets what ended, Postgres remembers. */
export function deliveryOptions(job: Pick<Job, 'attempts'>) {
  return {
    attempts: job.attempts,
    backoff: { type: 'exponential', delay: 1_000, jitter: 0.2 },
    removeOnComplete: true,
    removeOnFail: true,
    stackTraceLimit: 0
  };
}
