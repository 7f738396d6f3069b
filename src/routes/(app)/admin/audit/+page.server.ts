import { queryOf } from '#lib/ui/query.ts';
import { filterOf, shownIn } from './filters.ts';
import type { PageServerLoad } from './$types';

const NOTHING = { items: [], nextCursor: null, total: 0, totalIsEstimate: false };

export const load: PageServerLoad = async ({ locals: { api }, url }) => {
  const shown = shownIn(url);
  const filter = filterOf(shown);
  return {
    shown,
    audit: filter ? await api.admin.audit.list({ filter, cursor: queryOf(url).cursor }) : NOTHING,
    people: await api.admin.audit.people()
  };
};
