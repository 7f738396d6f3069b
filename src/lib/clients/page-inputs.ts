import * as z from 'zod';
import {
  addAddressInput,
  addContactPointInput,
  assignClientInput,
  createClientInput,
  updateClientInput
} from './model.ts';

const partId = z.number().int().positive();

/** The procedures' inputs without the client's id, which its page has in the address. */
export const recordInputs = {
  assign: assignClientInput.omit({ id: true }),
  plan: updateClientInput.pick({
    version: true,
    nextContactOn: true,
    nextContactChannel: true,
    nextContactById: true
  }),
  contact: addContactPointInput.omit({ clientId: true }),
  /** With `part` it is that address which changes. */
  address: addAddressInput.omit({ clientId: true }).extend({ part: partId.optional() }),
  tags: z.strictObject({ tags: z.string().max(3000).optional() })
};

/** `crisil, dormant ,` → `['crisil', 'dormant']` */
export const tagsOf = (text: string | undefined): string[] =>
  (text ?? '')
    .split(',')
    .map((tag) => tag.trim())
    .filter(Boolean);

/** The PAN on file is not shown to the form: left empty it stays. */
const pan = z.string().trim().max(20).optional();

export const newClientForm = createClientInput.extend({ pan });
export const editClientForm = updateClientInput
  .omit({ nextContactOn: true, nextContactChannel: true, nextContactById: true })
  .extend({ pan, kind: createClientInput.shape.kind, name: createClientInput.shape.name });

/** What the form means to `clients.update`: a reason for having no PAN takes the PAN away. */
export function changesOf(form: z.input<typeof editClientForm>) {
  const withoutPan = !form.pan && form.panExemptReason;
  return { ...form, ...(withoutPan && { pan: null }) };
}
