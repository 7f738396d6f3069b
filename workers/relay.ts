import { Client } from '#lib/platform/db/client.server.ts';
import { handOverAgain, JOBS_CHANNEL } from '#lib/platform/jobs/outbox.server.ts';
import type { Queues } from '#lib/platform/jobs/queues.server.ts';
import { relayForgotten, relayWaiting } from '#lib/platform/jobs/relay.server.ts';
import { tickJob } from '#lib/platform/jobs/schedules.server.ts';
import { ensureTick } from '#lib/platform/jobs/tick.server.ts';
import { log } from '#lib/platform/log.ts';
import { newAlarm } from './alarm.ts';

/** In milliseconds. */
export interface Pace {
  /** Between two looks at the outbox when nobody wakes us. */
  look: number;
  /** Between two looks for what got lost. */
  check: number;
  /** A job that is overdue by so much is offered to the queue again. */
  forgotten: number;
}

const PACE: Pace = { look: 5_000, check: 10_000, forgotten: 25_000 };

export interface Relay {
  stop(): Promise<void>;
}

/** What is rung when a channel of the database is notified. */
type Bells = Record<string, () => void>;

/**
 * Hands jobs over to the queue as soon as their transactions commit. Where the queue or the database is away it
 * goes on trying; the jobs wait in the outbox. Its connection listens for `others` too.
 */
export function startRelay(
  queues: Queues,
  databaseSystemUrl: string,
  others: Bells = {},
  pace = PACE
): Relay {
  const alarm = newAlarm();
  const listener = newListener(databaseSystemUrl, { [JOBS_CHANNEL]: alarm.ring, ...others });
  let stopped = false;
  const run = async () => {
    let checkAt = 0;
    while (!stopped) {
      listener.ensure();
      const check = Date.now() >= checkAt;
      const worked = await attempt(() => look(queues, check, pace));
      if (check && worked) checkAt = Date.now() + pace.check;
      if (!stopped) await alarm.rings(Math.min(pace.look, pace.check));
    }
  };
  const ended = run();
  return {
    stop: async () => {
      stopped = true;
      alarm.ring();
      await Promise.all([ended, listener.close()]);
    }
  };
}

async function look(queues: Queues, check: boolean, { forgotten }: Pace): Promise<void> {
  await relayWaiting(queues);
  if (!check) return;
  if (await lostMemory(queues)) {
    await handOverAgain();
    await relayWaiting(queues);
  }
  const lost = await relayForgotten(queues, forgotten);
  if (lost > 0) log.warn({ jobs: lost }, 'overdue jobs were offered to the queue again');
}

/** A queue without a tick is a new one, or was emptied: it may have forgotten our jobs as well. */
function lostMemory(queues: Queues): Promise<boolean> {
  return ensureTick(queues, { name: tickJob.name, data: { outboxId: null, payload: {} } });
}

async function attempt(work: () => Promise<void>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    log.warn({ err: error }, 'relay');
    return false;
  }
}

/** A connection that listens and is opened again when it was lost; whoever may have missed something then is rung. */
function newListener(url: string, bells: Bells) {
  let client: Client | null = null;
  return {
    ensure: () => {
      if (client && !client.closed) return;
      client = new Client({ url, name: 'rapport relay', onNotify: (channel) => bells[channel]?.() });
      for (const [channel, ring] of Object.entries(bells)) {
        client.sql
          .unsafe(`listen ${channel}`)
          .then(ring)
          .catch((error: unknown) => log.warn({ err: error }, 'relay'));
      }
    },
    close: async () => client?.end()
  };
}
