import { redirect } from '@sveltejs/kit';
import { asChoices } from '#lib/people/pick.ts';
import { updateTeamInput } from '#lib/people/team-inputs.ts';
import { runForm } from '#lib/ui/form.server.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { api }, params }) => {
  const [team, heads] = await Promise.all([api.teams.byId({ id: Number(params.id) }), api.teams.heads()]);
  return { team, heads: asChoices(heads) };
};

export const actions: Actions = {
  default: (event) =>
    runForm(event, updateTeamInput, async (input) => {
      await event.locals.api.teams.update(input);
      redirect(303, `/admin/teams/${input.id}`);
    })
};
