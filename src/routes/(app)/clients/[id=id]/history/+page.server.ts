import { queryOf } from '#lib/ui/query.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { api }, params, url }) => ({
  history: await api.clients.history({ clientId: Number(params.id), cursor: queryOf(url).cursor })
});
