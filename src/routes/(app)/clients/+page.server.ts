import { ATTENTION } from '#lib/clients/attention.ts';
import { CLIENT_SORTS, LIFECYCLES } from '#lib/clients/model.ts';
import { queryOf } from '#lib/ui/query.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { api }, url }) => {
  const query = queryOf(url);
  const filter = {
    q: query.text('q'),
    rmId: query.id('rm'),
    type: query.text('type'),
    tier: query.text('tier'),
    tag: query.text('tag'),
    attention: query.oneOf('attention', ATTENTION),
    lifecycle: query.oneOf('lifecycle', LIFECYCLES)
  };
  return {
    filter,
    clients: await api.clients.list({ filter, sort: query.sort(CLIENT_SORTS), cursor: query.cursor }),
    lists: await api.settings.lists(),
    colleagues: await api.people.options({ function: 'rm', mine: true })
  };
};
