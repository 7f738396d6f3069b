import { z } from 'zod';
import { defineJob } from '#lib/platform/jobs/define.server.ts';

/** Sends one mail of the outbox, named by its key. */
export const sendMailJob = defineJob('mail.send', z.strictObject({ key: z.string().max(300) }), {
  queue: 'mail'
});
