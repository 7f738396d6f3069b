import { log } from '#lib/platform/log.ts';
import type { Delivery } from './define.server.ts';
import { within } from './deadline.ts';
import type { Queues } from './queues.server.ts';

/** Milliseconds a tick may be late before its scheduler counts as lost. */
const LATE = 90_000;
const TIMEOUT = 5_000;

/**
 * Makes sure that the queue ticks, with one scheduler however many workers ask. Repeat it now and then: a queue
 * that lost its memory has no scheduler any more. True when there was none.
 */
export async function ensureTick(
  queues: Queues,
  tick: { name: string; data: Delivery },
  pattern = '0 * * * * *'
): Promise<boolean> {
  const queue = queues.queue('work');
  const scheduler = await within(TIMEOUT, 'The queue', queue.getJobScheduler('tick'));
  if (scheduler?.next !== undefined && scheduler.next > Date.now() - LATE) return false;
  const opts = { attempts: 1, removeOnComplete: true, removeOnFail: true };
  const scheduled = queue.upsertJobScheduler('tick', { pattern }, { ...tick, opts });
  await within(TIMEOUT, 'The queue', scheduled).catch((error: unknown) => {
    // Two workers at the same moment: Redis refuses the second, whose tick is there already.
    log.debug({ err: error }, 'tick not scheduled');
  });
  return scheduler === undefined;
}
