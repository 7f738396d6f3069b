import { initTRPC } from '@trpc/server';
import { may, type Permission } from '#lib/platform/auth/permissions.ts';
import { asActor, type Tx } from '#lib/platform/db/transactions.server.ts';
import { Forbidden, Unauthenticated } from '#lib/platform/errors.ts';
import type { Context } from '#lib/platform/trpc/context.server.ts';
import { errorDetails, toTrpcError } from '#lib/platform/trpc/errors.server.ts';
import { countCall } from '#lib/platform/trpc/rate-limit.server.ts';
import { transformer } from '#lib/platform/trpc/transformer.server.ts';

export interface Meta {
  /** What the caller must hold. Every procedure has one; a test lists them all. */
  permission: Permission | 'anyone' | 'signedIn';
}

const t = initTRPC
  .context<Context>()
  .meta<Meta>()
  .create({
    transformer,
    isDev: false,
    errorFormatter({ shape, error, ctx, path }) {
      const answer = toTrpcError(error, { requestId: ctx?.requestId ?? 'unknown', path });
      return {
        ...shape,
        message: answer.message,
        data: { ...shape.data, stack: undefined, requestId: ctx?.requestId, ...errorDetails(answer) }
      };
    }
  });

export const router = t.router;
export const mergeRouters = t.mergeRouters;
export const createCallerFactory = t.createCallerFactory;

/** The outermost step of every procedure: counts the call and answers for whatever goes wrong further in. */
const base = t.procedure.use(async ({ ctx, path, next }) => {
  const occasion = { requestId: ctx.requestId, path, userId: ctx.actor?.userId };
  try {
    countCall(ctx.rateKey, ctx.actor !== null);
  } catch (error) {
    throw toTrpcError(error, occasion);
  }
  // tRPC hands a failure back instead of throwing it.
  const result = await next();
  if (!result.ok) throw toTrpcError(result.error, occasion);
  return result;
});

const withActor = base.use(({ ctx, next }) => {
  if (!ctx.actor || !ctx.session) throw new Unauthenticated();
  return next({ ctx: { ...ctx, actor: ctx.actor, session: ctx.session } });
});

const withReadyActor = withActor.use(({ ctx, next }) => {
  if (ctx.session.mustChangePassword) throw new Forbidden('Please choose a new password first');
  return next();
});

/** Procedures that open no transaction of their own: sign-in and invitations. */
export const anyone = () => base.meta({ permission: 'anyone' });

/** Procedures on one's own account, which work through the gate and before a one-time password is changed. */
export const ownAccount = () => withActor.meta({ permission: 'signedIn' });

function inTransaction(permission: Permission | 'signedIn', snapshot = false) {
  return withReadyActor.meta({ permission }).use(async ({ ctx, type, next }) => {
    if (permission !== 'signedIn' && !may(ctx.actor, permission)) throw new Forbidden();
    const call = async (tx: Tx) => {
      const result = await next({ ctx: { ...ctx, tx } });
      // Thrown so that the transaction is rolled back.
      if (!result.ok) throw result.error;
      return result;
    };
    return asActor(ctx.actor, call, { readOnly: type === 'query', snapshot });
  });
}

/** Any signed-in person; `ctx.tx` is a transaction under his identity, read only for queries. */
export const signedIn = () => inTransaction('signedIn');

/** Signed-in people with this grant in any scope; `ctx.tx` as for `signedIn`. */
export const can = (permission: Permission) => inTransaction(permission);

/** The same without a transaction: for what another machine is asked. */
export const canAlone = (permission: Permission) =>
  withReadyActor.meta({ permission }).use(({ ctx, next }) => {
    if (!may(ctx.actor, permission)) throw new Forbidden();
    return next();
  });

/** The same in one snapshot of the database: for what reads a whole list page by page. */
export const canInSnapshot = (permission: Permission) => inTransaction(permission, true);
