import { mailNotificationsJob } from '#lib/notifications/jobs.server.ts';
import { mailNotifications } from '#lib/notifications/mailing.server.ts';
import { baseUrl } from '#lib/platform/config.ts';
import { asSystem } from '#lib/platform/db/transactions.server.ts';
import { handle } from '#lib/platform/jobs/work.server.ts';

/** Mails what people want to hear of at once. */
export const notificationsHandler = handle(mailNotificationsJob, async () => {
  for (let found = -1; found !== 0;) found = await asSystem((tx) => mailNotifications(tx, baseUrl()));
});
