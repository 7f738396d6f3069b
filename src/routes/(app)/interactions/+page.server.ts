import { queryOf } from '#lib/ui/query.ts';
import { wantedIn } from './filters.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { api }, url }) => {
  const { shown, filter, sort } = wantedIn(url);
  const [interactions, colleagues, client, views] = await Promise.all([
    api.interactions.list({ filter, sort, cursor: queryOf(url).cursor }),
    api.people.options({ mine: true }),
    shown.clientId ? api.clients.byId({ id: shown.clientId }) : null,
    api.views.list({ filter: { module: 'interactions' } })
  ]);
  return {
    filter: shown,
    interactions,
    colleagues,
    views,
    client: client && { id: client.id, name: client.name }
  };
};
