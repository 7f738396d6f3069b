import { asSystem } from '#lib/platform/db/transactions.server.ts';
import type { Occasion } from '#lib/platform/jobs/schedules.server.ts';
import { remindOfReviews } from '#lib/reviews/commands.server.ts';

export async function remindOfDueReviews({ localDate }: Occasion): Promise<string | null> {
  const reminders = await asSystem((tx) => remindOfReviews(tx, localDate));
  return reminders === 0 ? null : `${reminders} reminders`;
}
