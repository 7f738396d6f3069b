import { PRODUCT_SORTS } from '#lib/catalogue/model.ts';
import { PRODUCT_KINDS } from '#lib/catalogue/kinds.ts';
import { queryOf } from '#lib/ui/query.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { api }, url }) => {
  const query = queryOf(url);
  const state = query.oneOf('state', ['active', 'inactive']);
  const filter = {
    q: query.text('q'),
    kind: query.oneOf('kind', PRODUCT_KINDS),
    category: query.text('category'),
    fundHouse: query.text('house')
  };
  const [products, choices, views] = await Promise.all([
    api.catalogue.list({
      filter: { ...filter, active: state && state === 'active' },
      sort: query.sort(PRODUCT_SORTS),
      cursor: query.cursor
    }),
    api.catalogue.choices(),
    api.views.list({ filter: { module: 'catalogue' } })
  ]);
  return { filter: { ...filter, state }, products, choices, views };
};
