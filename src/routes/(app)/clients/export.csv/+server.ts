import { csvAnswer } from '#lib/exports/answer.server.ts';
import { wantedIn } from '../filters.ts';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = async ({ locals: { api, actor }, url }) =>
  csvAnswer(actor, await api.exports.clients(wantedIn(url)));
