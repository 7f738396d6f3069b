import * as z from 'zod';
import { logInteractionInput, missingFor, updateInteractionInput } from './model.ts';
import { type Purpose } from './kinds.ts';

interface Named {
  purpose?: Purpose | undefined;
  productId?: number | null | undefined;
  queryId?: number | null | undefined;
}

/** The purpose's own rule, said at the field before the form is sent. */
const namesItsSubject = (field: 'productId' | 'queryId') => (said: Named) =>
  missingFor(said)?.field !== field;
const productRule = { path: ['productId'], message: 'New business names a product' };
const queryRule = { path: ['queryId'], message: 'A query resolution names the query' };

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

/** Something said with a client who is chosen in the form. */
export const newInteractionForm = logInteractionInput
  .extend({ subject: z.string().trim().max(300).optional() })
  .refine(namesItsSubject('productId'), productRule)
  .refine(namesItsSubject('queryId'), queryRule);

/** The same conversation set right; the id is in the page's address. What the purpose needs the server says. */
export const editInteractionForm = updateInteractionInput.omit({ id: true }).extend({
  subject: logInteractionInput.shape.subject,
  occurredAt: logInteractionInput.shape.occurredAt,
  missed: z.boolean()
});
