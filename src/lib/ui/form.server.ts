import { error, fail, redirect, type ActionFailure, type RequestEvent } from '@sveltejs/kit';
import { TRPCError } from '@trpc/server';
import { getHTTPStatusCodeFromError } from '@trpc/server/http';
import * as z from 'zod';
import { Conflict, DomainError } from '#lib/platform/errors.ts';
import { fieldErrors, readForm } from './form-data.ts';
import type { Refusal } from './form.svelte.ts';

const SECRET = /password|token|pan$/i;

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
    if (!(problem instanceof TRPCError) || problem.code === 'INTERNAL_SERVER_ERROR') throw problem;
    if (problem.code === 'UNAUTHORIZED' && event.url.pathname !== '/login') {
      redirect(303, `/login?next=${encodeURIComponent(event.url.pathname)}`);
    }
    return refuse(event, getHTTPStatusCodeFromError(problem), refusalOf(problem), form);
  }
}

function refusalOf(problem: TRPCError): Refusal {
  const { cause } = problem;
  if (cause instanceof z.core.$ZodError) return { fieldErrors: fieldErrors(cause) };
  const message = cause instanceof DomainError ? cause.message : problem.message;
  if (!(cause instanceof Conflict)) return { message };
  const { current } = (cause.details ?? {}) as { current?: Record<string, unknown> };
  return { message, current };
}

function refuse(event: RequestEvent, status: number, refusal: Refusal, form: FormData) {
  const action = [...event.url.searchParams.keys()].find((name) => name.startsWith('/'));
  return fail(status, { ...refusal, action: action ? `?${action}` : '', values: valuesOf(form) });
}

function valuesOf(form: FormData): Record<string, string> {
  const entries = [...form].filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string' && !SECRET.test(entry[0])
  );
  return Object.fromEntries(entries);
}
