import { error } from '@sveltejs/kit';
import { csvAnswer } from '#lib/exports/answer.server.ts';
import { filterOf, shownIn } from '../filters.ts';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = async ({ locals: { api, actor }, url }) => {
  const filter = filterOf(shownIn(url));
  if (!filter) error(404, 'No record has this number');
  return csvAnswer(actor, await api.exports.audit({ filter }));
};
