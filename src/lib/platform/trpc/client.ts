import { createTRPCClient, httpBatchLink, TRPCClientError } from '@trpc/client';
import type { inferRouterOutputs } from '@trpc/server';
import superjson from 'superjson';
import type { AppRouter } from '#lib/platform/trpc/router.server.ts';

/** What the procedures answer, for components that show it. */
export type Outputs = inferRouterOutputs<AppRouter>;

/** The browser's way to the procedures, for what forms cannot do: typeahead, drag, inline changes, live lists. */
export const api = createTRPCClient<AppRouter>({
  links: [httpBatchLink({ url: '/api/trpc', transformer: superjson, maxItems: 20, maxURLLength: 6000 })]
});

/** What to tell the person when a call failed. */
export function messageOf(error: unknown): string {
  return error instanceof TRPCClientError ? error.message : 'This did not work. Please try again';
}
