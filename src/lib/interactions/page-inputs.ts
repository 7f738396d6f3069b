import * as z from 'zod';
import { logInteractionInput } from './model.ts';

/** Something said, or a note, on a client's page. What it was about may stay open; a note needs words. */
export const logForm = logInteractionInput
  .omit({ clientId: true })
  .extend({
    direction: logInteractionInput.shape.direction.optional(),
    subject: z.string().trim().max(300).optional()
  })
  .refine(({ channel, subject, body }) => channel !== 'note' || subject || body, {
    path: ['body'],
    message: 'Write the note first'
  });
