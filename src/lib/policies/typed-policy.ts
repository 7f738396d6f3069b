import { readForm } from '#lib/ui/form-data.ts';
import { editPolicyForm } from './policy-inputs.ts';
import type { Saying } from './policy-saying.ts';

/** What a policy's form said when it was sent, from the texts that came back with the answer. */
export function typedPolicy(typed: Record<string, unknown>): Saying {
  const form = new FormData();
  for (const [name, value] of Object.entries(typed)) {
    for (const text of [value].flat()) if (typeof text === 'string') form.append(name, text);
  }
  const read = editPolicyForm.safeParse(readForm(editPolicyForm, form));
  return read.success ? read.data : { name: '', targets: [], steps: [] };
}
