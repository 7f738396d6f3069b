import type { Actor } from '#lib/platform/auth/permissions.ts';
import { createCallerFactory } from '#lib/platform/trpc/builder.server.ts';
import { newRequestId } from '#lib/platform/trpc/context.server.ts';
import { appRouter } from '#lib/platform/trpc/router.server.ts';

/** Procedures as plain functions; they throw TRPCError. */
export const createCaller = createCallerFactory(appRouter);

export type Api = ReturnType<typeof createCaller>;

/** A caller for a person without a request: procedures under his identity, not counted against a rate. */
export function callerFor(actor: Actor): Api {
  return createCaller({
    actor,
    session: { id: '', hash: '', expiresAt: new Date(8.64e15), mustChangePassword: false },
    requestId: newRequestId(),
    address: 'local',
    userAgent: null,
    cookie: { set: () => undefined, clear: () => undefined },
    rateKey: null
  });
}
