import { error } from '@sveltejs/kit';
import { streamsOf } from '#lib/platform/live/hub.server.ts';
import { openStream } from '#lib/platform/live/stream.server.ts';
import type { RequestHandler } from './$types';

const MOST_STREAMS = 20;

const headers = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-store',
  // Proxies that gather an answer before passing it on would hold every event back.
  'x-accel-buffering': 'no'
};

export const GET: RequestHandler = ({ locals: { actor, context } }) => {
  if (!actor || !context.session) error(401, { message: 'Please sign in', code: 'UNAUTHORIZED' });
  if (streamsOf(actor.userId) >= MOST_STREAMS) {
    error(429, { message: 'Too many open streams', code: 'TOO_MANY_REQUESTS' });
  }
  const { id, hash } = context.session;
  return new Response(openStream({ id, hash, userId: actor.userId }), { headers });
};
