import * as z from 'zod';
import { createClientInput } from '#lib/clients/model.ts';
import { logInteractionInput } from '#lib/interactions/model.ts';
import {
  assignLeadInput,
  convertLeadInput,
  createLeadInput,
  denyLeadInput,
  logLeadContactInput,
  reopenLeadInput,
  updateLeadContactInput,
  updateLeadInput,
  type ConvertLeadInput
} from './inputs.ts';

/** The procedures' inputs without the id, which a lead's page has in its address. */
export const leadInputs = {
  /** The form holds the name, so an emptied one is a mistake. */
  update: updateLeadInput.omit({ id: true }).extend({ name: createLeadInput.shape.name }),
  assign: assignLeadInput.pick({ version: true, rmId: true }),
  deny: denyLeadInput.omit({ id: true }),
  reopen: reopenLeadInput.omit({ id: true }),
  contact: logLeadContactInput.omit({ id: true }),
  /** The same contact set right; an emptied subject is a mistake. */
  correct: updateLeadContactInput.extend({
    subject: logInteractionInput.shape.subject,
    occurredAt: logInteractionInput.shape.occurredAt,
    missed: z.boolean()
  })
};

/** The date to follow up on; an empty one clears it. Asked on the list and on the lead's page. */
export const followUpForm = updateLeadInput.pick({ id: true, version: true, nextFollowUpOn: true });

const client = createClientInput.partial().pick({
  kind: true,
  type: true,
  name: true,
  organisation: true,
  email: true,
  phone: true,
  pan: true,
  guardianName: true,
  panExemptReason: true,
  accountId: true,
  evenIfSimilar: true
});

/** Which client, what of it is new, and what was sold: the form of a conversion, flat. */
export const convertForm = z
  .strictObject({
    /** `new`, `other` (then `otherId` says which), or the id of a client that was offered. */
    choice: z.string().regex(/^(new|other|[1-9]\d{0,14})$/, 'Choose who this is'),
    otherId: z.number().int().positive().nullish(),
    ...client.shape,
    ...convertLeadInput.omit({ id: true, clientId: true, client: true }).shape
  })
  .refine(({ choice, otherId }) => choice !== 'other' || otherId, {
    path: ['otherId'],
    message: 'Find them by name or number'
  });

/** What the form means to `leads.convert`. */
export function conversionOf(form: z.input<typeof convertForm>): Omit<ConvertLeadInput, 'id'> {
  const { choice, otherId, version, productId, amount, currency, startedOn, folio, channel, ...rest } = form;
  const { fillEmpty, ...entered } = rest;
  const sold = { version, productId, amount, currency, startedOn, folio, channel };
  if (choice === 'new') return { ...sold, client: { ...entered, panHolder: panHolderOf(entered) } };
  const { pan, accountId } = entered;
  const clientId = choice === 'other' ? (otherId ?? undefined) : Number(choice);
  return { ...sold, clientId, fillEmpty, client: { pan, accountId } };
}

/** A minor for whom a guardian is named carries the guardian's PAN. */
function panHolderOf({ type, guardianName }: { type?: string; guardianName?: string | null }) {
  return type === 'minor' && guardianName ? 'guardian' : 'self';
}
