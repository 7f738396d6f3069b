import { redirect } from '@sveltejs/kit';
import { asChoices } from '#lib/people/pick.ts';
import { createTeamInput } from '#lib/people/team-inputs.ts';
import { runForm } from '#lib/ui/form.server.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { api } }) => ({
  heads: asChoices(await api.teams.heads())
});

export const actions: Actions = {
  default: (event) =>
    runForm(event, createTeamInput, async (input) => {
      const { id } = await event.locals.api.teams.create(input);
      redirect(303, `/admin/teams/${id}`);
    })
};
