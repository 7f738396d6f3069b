import { TEAM_FUNCTIONS } from '#lib/people/model.ts';
import { queryOf } from '#lib/ui/query.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { api }, url }) => {
  const query = queryOf(url);
  const filter = { function: query.oneOf('function', TEAM_FUNCTIONS) };
  return { filter, teams: await api.teams.list({ filter, cursor: query.cursor }) };
};
