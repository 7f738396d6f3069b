import { error } from '@sveltejs/kit';
import { getHTTPStatusCodeFromError } from '@trpc/server/http';
import { createCaller, type Api } from '#lib/platform/trpc/caller.server.ts';
import type { Context } from '#lib/platform/trpc/context.server.ts';
import { errorDetails, toTrpcError } from '#lib/platform/trpc/errors.server.ts';

/**
 * `locals.api`: the procedures for pages. A failure is SvelteKit's error with the status of the tRPC code, so that a
 * load that lets it pass shows the right page, and a form action can show its message.
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
