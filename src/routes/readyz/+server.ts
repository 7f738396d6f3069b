import { json } from '@sveltejs/kit';
import { schedulerState } from '#lib/admin/lateness.server.ts';
import { readiness } from '#lib/platform/readiness.server.ts';
import type { RequestHandler } from './$types';

/**
 * 200 when this process can do its work, else 503; the body says what is missing. A late scheduler is reported and does
 * not make a web process unready, since ending it would help nobody; with `?scheduler` it is answered with 503 too.
 */
export const GET: RequestHandler = async ({ url }) => {
  const [parts, background] = await Promise.all([readiness(), schedulerState()]);
  const ready = Object.values(parts).every(Boolean);
  const wanted = !url.searchParams.has('scheduler') || background.scheduler === 'on time';
  return json({ ...parts, ...background }, { status: ready && wanted ? 200 : 503 });
};
