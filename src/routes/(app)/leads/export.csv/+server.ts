import { csvAnswer } from '#lib/exports/answer.server.ts';
import { LEAD_SORTS } from '#lib/leads/inputs.ts';
import { queryOf } from '#lib/ui/query.ts';
import { filterOf, shownIn } from '../filters.ts';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = async ({ locals: { api, actor }, url }) => {
  const wanted = { filter: filterOf(shownIn(url)), sort: queryOf(url).sort(LEAD_SORTS) };
  return csvAnswer(actor, await api.exports.leads(wanted));
};
