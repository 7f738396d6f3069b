import { peopleToSum, writeSummary } from '#lib/notifications/summary.server.ts';
import { actorOf } from '#lib/platform/auth/actor.server.ts';
import { baseUrl } from '#lib/platform/config.ts';
import { asActor, asSystem } from '#lib/platform/db/transactions.server.ts';
import type { Occasion } from '#lib/platform/jobs/schedules.server.ts';
import { log } from '#lib/platform/log.ts';

/** Writes each person's daily summary under his identity. One that fails does not keep the others waiting. */
export async function writeSummaries({
  localDate,
  asked
}: Pick<Occasion, 'localDate' | 'asked'>): Promise<string | null> {
  const people = await asSystem((tx) => peopleToSum(tx, localDate, asked), { readOnly: true });
  let sent = 0;
  const failed: number[] = [];
  for (const id of people) {
    try {
      const person = await actorOf(id);
      const count = await asActor(person, (tx) => writeSummary(tx, person, localDate, baseUrl()));
      if (count) sent += 1;
    } catch (error) {
      log.error({ err: error, person: id }, 'daily summary failed');
      failed.push(id);
    }
  }
  if (failed.length > 0) throw new Error(`No daily summary could be written for users ${failed.join(', ')}`);
  return people.length === 0 ? null : `${sent} summaries queued, ${people.length - sent} with nothing to say`;
}
