import { noteFailure, writeDigest } from '#lib/digests/commands.server.ts';
import { digestsDue, type DueDigest } from '#lib/digests/due.server.ts';
import { baseUrl } from '#lib/platform/config.ts';
import { asSystem } from '#lib/platform/db/transactions.server.ts';
import { localDateOf } from '#lib/platform/jobs/cadence.ts';
import { reach } from '#lib/platform/jobs/points.ts';
import type { Occasion } from '#lib/platform/jobs/schedules.server.ts';
import { failureText } from '#lib/platform/jobs/work.server.ts';
import { log } from '#lib/platform/log.ts';

interface Day {
  date: string;
  timeZone: string;
}

/**
 * Writes the digests that are due on the firm's today, each under its reader's identity. After downtime there is one
 * for today and none for the days before. One that fails does not keep the others waiting and is tried again later.
 */
export async function writeDigests({ localDate, timeZone, asked, signal }: Occasion): Promise<string | null> {
  const day = { date: localDate, timeZone };
  if (localDate !== localDateOf(new Date(), timeZone)) return 'Too late: another day has begun';
  const due = await asSystem((tx) => digestsDue(tx, day.date, asked), { readOnly: true });
  if (due.length === 0) return null;
  const told = { queued: 0, quiet: 0, failed: 0 };
  for (const digest of due) {
    signal.throwIfAborted();
    told[await writeOne(digest, day)] += 1;
  }
  const failed = told.failed > 0 ? `, ${told.failed} could not be written` : '';
  return `${told.queued} digests queued, ${told.quiet} with nothing to say${failed}`;
}

async function writeOne(digest: DueDigest, day: Day): Promise<'queued' | 'quiet' | 'failed'> {
  try {
    const queued = await writeDigest(digest, day, baseUrl());
    reach('digest committed');
    return queued ? 'queued' : 'quiet';
  } catch (error) {
    log.error({ err: error, user: digest.userId }, 'digest failed');
    await asSystem((tx) => noteFailure(tx, digest, day, failureText(error)));
    return 'failed';
  }
}
