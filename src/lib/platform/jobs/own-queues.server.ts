import { getConfig } from '#lib/platform/config.ts';
import { QUEUE_NAMES, type QueueName } from './define.server.ts';
import { within } from './deadline.ts';
import { openQueues, type Queues } from './queues.server.ts';

const TIMEOUT = 2_000;

let opened: Queues | null = null;

/** The queues as a web process sees them: one connection, opened when it is first needed. */
export function ownQueues(): Queues {
  return (opened ??= openQueues(getConfig()));
}

export async function closeOwnQueues(): Promise<void> {
  const open = opened;
  opened = null;
  await open?.close();
}

/** What the queue itself holds. */
interface QueueDepth {
  queue: QueueName;
  waiting: number;
  active: number;
  delayed: number;
  failed: number;
}

/** The depth of each queue, or null when the queue does not answer. Not to be called in a transaction. */
export async function queueDepths(): Promise<QueueDepth[] | null> {
  try {
    return await within(TIMEOUT, 'The queue', Promise.all(QUEUE_NAMES.map(depthOf)));
  } catch {
    return null;
  }
}

async function depthOf(name: QueueName): Promise<QueueDepth> {
  const counts = await ownQueues().queue(name).getJobCounts('waiting', 'active', 'delayed', 'failed');
  const { waiting = 0, active = 0, delayed = 0, failed = 0 } = counts;
  return { queue: name, waiting, active, delayed, failed };
}
