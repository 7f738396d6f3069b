import { csvAnswer } from '#lib/exports/answer.server.ts';
import { wantedIn } from '../filters.ts';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = async ({ locals: { api, actor }, url }) => {
  const { filter, sort } = wantedIn(url);
  return csvAnswer(actor, await api.exports.queries({ filter, sort }));
};
