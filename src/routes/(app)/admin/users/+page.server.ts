import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url }) => {
  const of = (name: string) => url.searchParams.get(name) || undefined;
  const number = (name: string) => (of(name) ? Number(of(name)) : undefined);
  const filter = {
    q: of('q'),
    teamId: number('team'),
    level: number('level'),
    active: of('active') === undefined ? undefined : of('active') === 'yes'
  };
  return {
    filter: { q: of('q'), team: of('team'), level: of('level'), active: of('active') },
    people: await locals.api.people.list({ filter, cursor: of('cursor') }),
    teams: (await locals.api.teams.list({})).items
  };
};
