import { queryOf } from '#lib/ui/query.ts';
import type { PageServerLoad } from './$types';

const EACH = 20;

export const load: PageServerLoad = async ({ locals: { api }, url }) => {
  const q = queryOf(url).text('q')?.slice(0, 100) ?? '';
  const { groups } = q ? await api.search.everything({ q, limit: EACH }) : { groups: [] };
  return { q, groups, each: EACH };
};
