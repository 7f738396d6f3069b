import { postponeNote, type Note } from '#lib/clocks/notes.server.ts';
import { drainRefresh } from '#lib/clocks/refresh.server.ts';
import { asSystem } from '#lib/platform/db/transactions.server.ts';
import { reach } from '#lib/platform/jobs/points.ts';
import { failureText } from '#lib/platform/jobs/work.server.ts';
import { log } from '#lib/platform/log.ts';
import { newAlarm } from './alarm.ts';

/** Records in one transaction: enough to be quick, few enough that nobody waits long for one of them. */
const BATCH = 250;
/** For rows of the very moment, by a clock that may be a little behind the database's. Less than the wait of a bad one. */
const AHEAD = 5_000;

/** What whoever changes a record notifies. */
export const REFRESH_CHANNEL = 'rapport_clocks';
/** Milliseconds in which changes gather, since they seldom come alone. */
const GATHER = 200;
const HOUR = 3_600_000;

/**
 * Brings clocks up to their records as soon as changes commit. Nothing depends on it: the sweep of every minute
 * refreshes too, and what fails here is left to it.
 */
export function startRefresher() {
  const alarm = newAlarm();
  let stopped = false;
  const run = async () => {
    while (!stopped) {
      await refreshClocks().catch((error: unknown) => log.warn({ err: error }, 'refresher'));
      if (stopped) return;
      await alarm.rings(HOUR);
      if (!stopped) await new Promise((resolve) => setTimeout(resolve, GATHER));
    }
  };
  const ended = run();
  return {
    ring: alarm.ring,
    stop: async () => {
      stopped = true;
      alarm.ring();
      await ended;
    }
  };
}

/**
 * Brings the clocks of all records that have changed up to their records. One that cannot be is tried
 * again a minute later. Returns how many records were looked at.
 */
export async function refreshClocks(batch = BATCH): Promise<number> {
  const until = new Date(Date.now() + AHEAD);
  let done = 0;
  for (let found = -1; found !== 0; done += Math.max(found, 0)) found = await drain(batch, until);
  return done;
}

async function drain(limit: number, until: Date): Promise<number> {
  let taken: Note[] = [];
  try {
    const found = await asSystem(async (tx) => {
      const drained = await drainRefresh(tx, { limit, until }, (notes) => (taken = notes));
      if (drained > 0) reach('clocks refreshed');
      return drained;
    });
    if (found > 0) reach('refresh committed');
    return found;
  } catch (error) {
    const [note] = taken;
    if (!note) throw error;
    if (taken.length > 1) return drainSingly(taken.length, until);
    await asSystem((tx) => postponeNote(tx, note, failureText(error)));
    log.error({ err: error, ...note }, 'the clocks of a record could not be brought up to date');
    return -1;
  }
}

/** One bad record does not keep a thousand others waiting. */
async function drainSingly(limit: number, until: Date): Promise<number> {
  let done = 0;
  for (let turn = 0; turn < limit; turn++) {
    const found = await drain(1, until);
    if (found === 0) break;
    done += Math.max(found, 0);
  }
  return done;
}
