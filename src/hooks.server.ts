import type { EventEmitter } from 'node:events';
import {
  error,
  redirect,
  type Handle,
  type HandleServerError,
  type RequestEvent,
  type ServerInit
} from '@sveltejs/kit';
import { contextOf } from '#lib/platform/auth/request.server.ts';
import { getConfig } from '#lib/platform/config.ts';
import { closeDatabase } from '#lib/platform/db/transactions.server.ts';
import { Unavailable } from '#lib/platform/errors.ts';
import { closeOwnQueues } from '#lib/platform/jobs/own-queues.server.ts';
import { stopListening } from '#lib/platform/live/hub.server.ts';
import { log } from '#lib/platform/log.ts';
import { discardBody } from '#lib/platform/trpc/body.server.ts';
import { newRequestId } from '#lib/platform/trpc/context.server.ts';
import { maskedMessage } from '#lib/platform/trpc/errors.server.ts';
import { isOwnOrigin, isSafe } from '#lib/platform/trpc/origin.server.ts';
import { createPageCaller } from '#lib/platform/trpc/pages.server.ts';

const PROBES = new Set(['/healthz', '/readyz']);
/** Pages for people who are not signed in; everything under /api answers for itself. */
const OPEN = /^\/(login|logout|invite|api)(\/|$)/;
const PASSWORD_PAGE = '/me/password';

const HEADERS = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin'
};

type WaitUntil = (work: Promise<unknown>) => void;

/** Whoever runs the server tells the end through the process: first no more streams, later no more database. */
export const init: ServerInit = () => {
  const signals: EventEmitter = process;
  signals.once('rapport:stop', stopListening);
  signals.once('rapport:close', (waitUntil: WaitUntil) => {
    waitUntil(Promise.all([closeDatabase(), closeOwnQueues()]));
  });
};

function secured(response: Response): Response {
  for (const [name, value] of Object.entries(HEADERS)) response.headers.set(name, value);
  if (!response.headers.has('cache-control')) response.headers.set('cache-control', 'private, no-store');
  if (getConfig().publicUrl?.protocol === 'https:') {
    response.headers.set('strict-transport-security', 'max-age=31536000');
  }
  return response;
}

/** Sends people where they can sign in, or choose the password they still have to choose. */
function guard({ url, locals: { context } }: RequestEvent): void {
  if (OPEN.test(url.pathname)) return;
  if (!context.session) redirect(303, `/login?next=${encodeURIComponent(url.pathname + url.search)}`);
  if (context.session.mustChangePassword && url.pathname !== PASSWORD_PAGE) redirect(303, PASSWORD_PAGE);
}

async function identify(event: RequestEvent): Promise<void> {
  try {
    const context = await contextOf(event);
    Object.assign(event.locals, { context, actor: context.actor, api: createPageCaller(context) });
  } catch (thrown) {
    if (!(thrown instanceof Unavailable)) throw thrown;
    log.warn({ err: thrown }, 'session check');
    error(503, { message: thrown.message, code: 'SERVICE_UNAVAILABLE' });
  }
}

export const handle: Handle = async ({ event, resolve }) => {
  const { request, url } = event;
  if (PROBES.has(url.pathname)) return secured(await resolve(event));
  if (!isSafe(request.method) && !isOwnOrigin(request, url, getConfig().publicUrl)) {
    void discardBody(request);
    error(403, { message: 'This request comes from another site', code: 'FORBIDDEN' });
  }
  await identify(event);
  guard(event);
  return secured(await resolve(event));
};

/** What nobody foresaw outside a procedure: logged under an id, and only the id is shown. */
export const handleError: HandleServerError = ({ error: thrown, event, status }) => {
  if (status === 404) return { message: 'Not found', code: 'NOT_FOUND' };
  if (status < 500) return { message: 'The request could not be understood', code: 'BAD_REQUEST' };
  // Kit hands errors over that happen before the request is identified.
  const context: App.Locals['context'] | undefined = event.locals.context;
  const id = context?.requestId ?? newRequestId();
  log.error({ requestId: id, path: event.route.id, err: thrown }, 'page failed');
  return { message: maskedMessage(id), code: 'INTERNAL_SERVER_ERROR', id };
};
