import { z } from 'zod';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { defineJob } from '#lib/platform/jobs/define.server.ts';
import { enqueue } from '#lib/platform/jobs/outbox.server.ts';

/** Wakes the sweep, which looks for itself at what is due. */
export const clocksDue = defineJob('clocks.due', z.strictObject({}));

/** The tick comes every minute and finds what is due later than that. */
const TICK_MS = 65_000;

/** Sees to it that the sweep runs at a moment: wakes it where the minute tick would come late. */
export async function wakeAt(tx: Tx, moment: Date | null, now: Date): Promise<void> {
  if (moment === null || moment.getTime() - now.getTime() > TICK_MS) return;
  await enqueue(tx, clocksDue, {}, { runAt: moment });
}
