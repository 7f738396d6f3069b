import { error } from '@sveltejs/kit';
import { asChoices } from '#lib/people/pick.ts';
import { previewPersonInput, previewRoleInput } from '#lib/previews/model.ts';
import { runForm } from '#lib/ui/form.server.ts';
import { queryOf } from '#lib/ui/query.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { api, actor }, url }) => {
  if (actor?.level !== 0) error(403, 'What others see is shown to administrators.');
  const query = queryOf(url);
  const [roles, teams, people] = await Promise.all([
    api.roles.list(),
    api.teams.list({}),
    api.people.options({})
  ]);
  const userId = query.id('user');
  return {
    userId,
    userName: people.find(({ id }) => id === userId)?.name,
    roleId: query.id('role'),
    roles: roles.items,
    teams: teams.items,
    people: asChoices(people)
  };
};

export const actions: Actions = {
  person: (event) =>
    runForm(event, previewPersonInput, async (input) => ({
      preview: await event.locals.api.roles.previewPerson(input)
    })),
  role: (event) =>
    runForm(event, previewRoleInput, async (input) => ({
      preview: await event.locals.api.roles.previewRole(input)
    }))
};
