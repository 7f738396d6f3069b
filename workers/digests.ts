import { Temporal } from 'temporal-polyfill';
import { type Day, headsToTell, writeDigest } from '#lib/digests/commands.server.ts';
import { actorOf } from '#lib/platform/auth/actor.server.ts';
import { baseUrl } from '#lib/platform/config.ts';
import { asActor, asSystem } from '#lib/platform/db/transactions.server.ts';
import type { Occasion } from '#lib/platform/jobs/schedules.server.ts';
import { log } from '#lib/platform/log.ts';

/** Writes each head's digest under that head's identity. One that fails does not keep the others waiting. */
export async function writeDigests({ localDate, timeZone, asked }: Occasion): Promise<string> {
  const day = dayOf(localDate, timeZone);
  const heads = await asSystem((tx) => headsToTell(tx, day.date, asked), { readOnly: true });
  let sent = 0;
  const failed: number[] = [];
  for (const id of heads) {
    try {
      const head = await actorOf(id);
      if (await asActor(head, (tx) => writeDigest(tx, head, day, baseUrl()))) sent += 1;
    } catch (error) {
      log.error({ err: error, head: id }, 'digest failed');
      failed.push(id);
    }
  }
  if (failed.length > 0) throw new Error(`No digest could be written for users ${failed.join(', ')}`);
  return `${sent} digests queued, ${heads.length - sent} with nothing to say`;
}

function dayOf(date: string, timeZone: string): Day {
  const day = Temporal.PlainDate.from(date);
  const midnight = (on: Temporal.PlainDate) => new Date(on.toZonedDateTime({ timeZone }).epochMilliseconds);
  return { date, from: midnight(day), to: midnight(day.add({ days: 1 })) };
}
