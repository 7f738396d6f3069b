import { getContext, setContext } from 'svelte';
import type { FormState } from './form.svelte.ts';

const key = Symbol('form');

export function provideForm(form: FormState): void {
  setContext(key, form);
}

export function useForm(): FormState | undefined {
  return getContext<FormState | undefined>(key);
}
