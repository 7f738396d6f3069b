import type { RequestEvent } from '@sveltejs/kit';
import { SESSION_COOKIE } from '#lib/platform/auth/model.ts';
import { validateSession } from '#lib/platform/auth/sessions.server.ts';
import { getConfig } from '#lib/platform/config.ts';
import { newRequestId, type Context, type SessionCookie } from '#lib/platform/trpc/context.server.ts';

function sessionCookie({ cookies }: RequestEvent): SessionCookie {
  const options = {
    path: '/',
    httpOnly: true,
    sameSite: 'lax',
    secure: getConfig().publicUrl?.protocol === 'https:'
  } as const;
  return {
    set: (id, expires) => cookies.set(SESSION_COOKIE, id, { ...options, expires }),
    clear: () => cookies.delete(SESSION_COOKIE, options)
  };
}

function addressOf(event: RequestEvent): string {
  try {
    return event.getClientAddress();
  } catch {
    // The trusted proxy's header is missing: the request did not come through it.
    return 'unknown';
  }
}

/** The session behind the cookie, the person and what procedures need to know of the request. */
export async function contextOf(event: RequestEvent): Promise<Context> {
  const cookie = sessionCookie(event);
  const id = event.cookies.get(SESSION_COOKIE);
  const found = id ? await validateSession(id) : null;
  if (id && !found) cookie.clear();
  const address = addressOf(event);
  return {
    requestId: newRequestId(),
    actor: found?.actor ?? null,
    session: found?.session ?? null,
    address,
    userAgent: event.request.headers.get('user-agent'),
    cookie,
    rateKey: found?.session.hash ?? address
  };
}
