import { eq } from 'drizzle-orm';
import { TRPCError } from '@trpc/server';
import { users } from '#lib/people/schema.server.ts';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import { startSession, validateSession } from '#lib/platform/auth/sessions.server.ts';
import { asSystem } from '#lib/platform/db/transactions.server.ts';
import { createCaller } from '#lib/platform/trpc/caller.server.ts';
import { errorDetails } from '#lib/platform/trpc/errors.server.ts';
import { appRouter } from '#lib/platform/trpc/router.server.ts';

interface Procedure {
  _def: { type: 'query' | 'mutation'; meta?: { permission?: string }; inputs: unknown[] };
}

/** Every procedure there is, as the router itself lists it. */
export const procedures = Object.entries(appRouter._def.procedures as unknown as Record<string, Procedure>);

const LETTERS: Record<string, string> = {
  NOT_FOUND: 'n',
  FORBIDDEN: 'f',
  UNPROCESSABLE_CONTENT: 'r',
  UNAUTHORIZED: 'u'
};

export interface Answer {
  /** As in the expectations; the code and message of an answer that has no letter. */
  letter: string;
  /** What the caller gets, byte for byte. */
  body: string;
}

/** Calls a procedure as the actor, or as somebody who is not signed in. */
export function call(actor: Actor | null, path: string, input: unknown): Promise<unknown> {
  const session = { id: '', hash: 'f'.repeat(64), expiresAt: new Date(8.64e15), mustChangePassword: false };
  const api: unknown = createCaller({
    actor,
    session: actor && session,
    requestId: 'matrix',
    address: '127.0.0.1',
    userAgent: null,
    cookie: { set: () => undefined, clear: () => undefined },
    rateKey: null
  });
  const procedure = path
    .split('.')
    .reduce<unknown>((node, key) => (node as Record<string, unknown>)[key], api);
  return (procedure as (input: unknown) => Promise<unknown>)(input);
}

export async function answerTo(actor: Actor | null, path: string, input: unknown): Promise<Answer> {
  try {
    return { letter: 'o', body: JSON.stringify(await call(actor, path, input)) };
  } catch (error) {
    if (!(error instanceof TRPCError)) throw error;
    const { code, message } = error;
    return {
      letter: LETTERS[code] ?? `${code}: ${message}`,
      body: JSON.stringify({ code, message, ...errorDetails(error) })
    };
  }
}

/** Signs in, is deactivated, and comes back with the same cookie: who that is then. */
export async function whoDeactivatedIs(userId: number): Promise<Actor | null> {
  const active = (value: boolean) =>
    asSystem((tx) => tx.update(users).set({ active: value }).where(eq(users.id, userId)));
  await active(true);
  const { id } = await startSession(userId, { address: '127.0.0.1', userAgent: null });
  const before = await validateSession(id);
  if (before?.actor.userId !== userId) throw new Error('The person could not sign in while active');
  await active(false);
  return (await validateSession(id))?.actor ?? null;
}
