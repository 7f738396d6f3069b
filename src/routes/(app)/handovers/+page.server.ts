import { queryOf } from '#lib/ui/query.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { api }, url }) => ({
  handovers: await api.handover.list({ cursor: queryOf(url).cursor })
});
