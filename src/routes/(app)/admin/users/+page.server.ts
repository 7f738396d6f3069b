import { ACCOUNT_FILTERS, PEOPLE_SORTS } from '#lib/people/user-inputs.ts';
import { queryOf } from '#lib/ui/query.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { api, actor }, url }) => {
  const query = queryOf(url);
  const looksAfter = actor?.grants['admin.users'] !== undefined;
  const filter = {
    q: query.text('q'),
    teamId: query.id('team'),
    roleId: looksAfter ? query.id('role') : undefined,
    state: query.oneOf('state', ACCOUNT_FILTERS),
    mine: query.flag('mine')
  };
  const [people, teams, roles] = await Promise.all([
    api.people.list({ filter, sort: query.sort(PEOPLE_SORTS), cursor: query.cursor }),
    api.teams.list({}),
    looksAfter ? api.people.roles() : null
  ]);
  return { filter, people, teams: teams.items, roles: roles?.items ?? [], looksAfter };
};
