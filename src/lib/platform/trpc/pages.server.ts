import { error, fail, isHttpError, type ActionFailure } from '@sveltejs/kit';
import { getHTTPStatusCodeFromError } from '@trpc/server/http';
import { setError, setMessage, type SuperValidated } from 'sveltekit-superforms';
import { createCaller, type Api } from '#lib/platform/trpc/caller.server.ts';
import type { Context } from '#lib/platform/trpc/context.server.ts';
import { errorDetails, toTrpcError } from '#lib/platform/trpc/errors.server.ts';

/**
 * `locals.api`: the procedures for pages. A failure is SvelteKit's error with the status of the tRPC code, so that a
 * load that lets it pass shows the right page; `submit` makes it the answer to a form.
 */
export function createPageCaller(context: Context): Api {
  return createCaller(context, {
    onError({ error: thrown, path }) {
      const answer = toTrpcError(thrown, { requestId: context.requestId, path });
      const { message, code } = answer;
      error(getHTTPStatusCodeFromError(answer), { message, code, ...errorDetails(answer) });
    }
  });
}

/** Puts a refusal into a superform: by field where a field is to blame, as the form's message otherwise. */
function refuse<T extends Record<string, unknown>>(form: SuperValidated<T>, status: number, body: App.Error) {
  const fields = Object.entries(body.fieldErrors ?? {}).filter(
    ([name]) => (name.split('.')[0] ?? '') in form.data
  );
  for (const [name, messages] of fields) setError(form, name as '', messages);
  const { message: text, details } = body;
  if (fields.length === 0) setMessage(form, { kind: 'error', text, details });
  form.valid = false;
  return fail(status, { form });
}

/**
 * For form actions: runs `work` with the form's data when it is valid, and answers with the form. What a procedure
 * refuses is shown on the form; redirects and internal errors pass through.
 */
export async function submit<T extends Record<string, unknown>, R>(
  form: SuperValidated<T>,
  work: (data: T) => Promise<R>
): Promise<{ form: SuperValidated<T>; result: R } | ActionFailure<{ form: SuperValidated<T> }>> {
  if (!form.valid) return fail(400, { form });
  try {
    return { form, result: await work(form.data) };
  } catch (thrown) {
    if (!isHttpError(thrown) || thrown.status >= 500) throw thrown;
    return refuse(form, thrown.status, thrown.body);
  }
}

/** For small forms without superforms (one button): runs `work` and answers with the message of a refusal. */
export async function attempt<R>(
  work: () => Promise<R>
): Promise<{ result: R } | ActionFailure<{ message: string; details?: unknown }>> {
  try {
    return { result: await work() };
  } catch (thrown) {
    if (!isHttpError(thrown) || thrown.status >= 500) throw thrown;
    const { message, details } = thrown.body;
    return fail(thrown.status, { message, details });
  }
}
