import { z } from 'zod';
import { defineJob } from '#lib/platform/jobs/define.server.ts';

/** Mails what is to be mailed at once. Asked for by a trigger in the transaction that writes a notification. */
export const mailNotificationsJob = defineJob('notifications.mail', z.strictObject({}));
