import * as z from 'zod';
import {
  assignClientInput,
  MERGED_FACTS,
  mergeClientsInput,
  planContactInput,
  type MergedFact,
  type MergeClientsInput
} from './inputs.ts';
import { addAddressInput, addContactPointInput, createClientInput, updateClientInput } from './model.ts';

const partId = z.number().int().positive();

/** The procedures' inputs without the client's id, which its page has in the address. */
export const recordInputs = {
  assign: assignClientInput.omit({ id: true, ids: true }),
  plan: planContactInput.omit({ id: true }),
  /** With `part` it is that contact point which changes, its kind stays. */
  contact: addContactPointInput
    .omit({ clientId: true })
    .extend({ part: partId.optional(), kind: addContactPointInput.shape.kind.optional() }),
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
export const editClientForm = updateClientInput.extend({
  pan,
  kind: createClientInput.shape.kind,
  name: createClientInput.shape.name
});

/** What the form means to `clients.update`: a reason for having no PAN takes the PAN away. */
export function changesOf(form: z.input<typeof editClientForm>) {
  const withoutPan = !form.pan && form.panExemptReason;
  return { ...form, ...(withoutPan && { pan: null }) };
}

const side = z.enum(['this', 'other']);
const choices = Object.fromEntries(MERGED_FACTS.map((fact) => [fact, side.optional()])) as Record<
  MergedFact,
  z.ZodOptional<typeof side>
>;

/** Two clients side by side: which record stays, and whose value of each fact on which they differ. */
export const mergeForm = z.strictObject({
  ...mergeClientsInput.omit({ take: true }).shape,
  keep: side,
  ...choices
});

/** What that means to `clients.merge`. */
export function mergeOf(form: z.input<typeof mergeForm>): MergeClientsInput {
  const { id, version, otherId, otherVersion, keep } = form;
  const take = MERGED_FACTS.filter((fact) => form[fact] !== undefined && form[fact] !== keep);
  return keep === 'this'
    ? { id, version, otherId, otherVersion, take }
    : { id: otherId, version: otherVersion, otherId: id, otherVersion: version, take };
}
