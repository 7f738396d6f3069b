import { queryOf } from '#lib/ui/query.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { api, actor }, url }) => {
  const query = queryOf(url);
  const decides = actor?.grants['clients.assign'] !== undefined;
  const views = ['waiting', 'decided', 'mine'] as const;
  const view = query.oneOf('view', views) ?? (decides ? 'waiting' : 'mine');
  const listed = decides && view !== 'mine';
  return {
    decides,
    view: listed ? view : ('mine' as const),
    duplicates: listed
      ? await api.duplicates.list({ filter: { decided: view === 'decided' }, cursor: query.cursor })
      : null,
    own: listed ? [] : await api.duplicates.own({})
  };
};
