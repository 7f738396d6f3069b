import { leadReaderOf } from '#lib/leads/whose.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { api, actor } }) => ({
  reader: actor ? leadReaderOf(actor) : ('own' as const),
  overview: await api.reports.overview()
});
