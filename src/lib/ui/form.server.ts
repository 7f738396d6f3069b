import { error, fail, isHttpError, redirect, type ActionFailure, type RequestEvent } from '@sveltejs/kit';
import type * as z from 'zod';
import { fieldErrors, readForm } from './form-data.ts';
import { typedValues } from './typed-values.ts';
import type { Refusal } from './form.svelte.ts';

const SECRET = /password|token|pan$/i;
const isNoSecret = (name: string) => !SECRET.test(name);

/**
 * Runs one form action. The posted form is read by the schema, checked, and given to `work`, which calls one
 * procedure and may redirect. What a person can mend comes back as a refusal that Form.svelte (or the page
 * without JavaScript) shows; anything else goes to the error page with its id.
 */
export async function runForm<S extends z.ZodObject, T extends Record<string, unknown> | void>(
  event: RequestEvent,
  schema: S,
  work: (input: z.input<S>) => Promise<T>
): Promise<T | ActionFailure<Refusal>> {
  const form = await event.request.formData();
  const input = readForm(schema, form);
  const checked = schema.safeParse(input, { reportInput: true });
  if (!checked.success) return refuse(event, 400, { fieldErrors: fieldErrors(checked.error) }, form);
  return attempt(event, () => work(input as z.input<S>), form);
}

/** The same for the small forms: a button with hidden fields. */
export async function runAction<T extends Record<string, unknown> | void>(
  event: RequestEvent,
  work: (form: FormData) => Promise<T>
): Promise<T | ActionFailure<Refusal>> {
  const form = await event.request.formData();
  return attempt(event, () => work(form), form);
}

/** A hidden input that holds an id or a version; anything else is a bad request. */
export function numberIn(form: FormData, name: string): number {
  const value = Number(form.get(name));
  if (!Number.isSafeInteger(value) || value < 0) error(400, 'This form is not complete. Reload the page.');
  return value;
}

async function attempt<T>(event: RequestEvent, work: () => Promise<T>, form: FormData) {
  try {
    return await work();
  } catch (problem) {
    // locals.api answers with SvelteKit's error; what a person cannot mend belongs on the error page.
    if (!isHttpError(problem) || problem.status >= 500) throw problem;
    if (problem.status === 401 && event.url.pathname !== '/login') {
      redirect(303, `/login?next=${encodeURIComponent(event.url.pathname)}`);
    }
    return refuse(event, problem.status, refusalOf(problem.body), form);
  }
}

function refusalOf({ message, fieldErrors: errors, details }: App.Error): Refusal {
  const { field, current } = (details ?? {}) as { field?: string; current?: Record<string, unknown> };
  if (errors) return { fieldErrors: errors };
  return field ? { fieldErrors: { [field]: [message] } } : { message, current, details };
}

function refuse(event: RequestEvent, status: number, refusal: Refusal, form: FormData) {
  const action = [...event.url.searchParams.keys()].find((name) => name.startsWith('/'));
  return fail(status, {
    ...refusal,
    action: action ? `?${action}` : '',
    values: typedValues(form, isNoSecret)
  });
}
