import { json } from '@sveltejs/kit';
import { readiness } from '#lib/platform/readiness.server.ts';

/** 200 when this process can do its work, else 503; the body says what is missing. */
export const GET = async () => {
  const state = await readiness();
  return json(state, { status: Object.values(state).every(Boolean) ? 200 : 503 });
};
