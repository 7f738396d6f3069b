import { redirect } from '@sveltejs/kit';
import { newTypeForm } from '#lib/desk/type-inputs.ts';
import { runForm } from '#lib/ui/form.server.ts';
import { operationsTeams } from '../teams.server.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = ({ locals }) => operationsTeams(locals);

export const actions: Actions = {
  default: (event) =>
    runForm(event, newTypeForm, async (input) => {
      const { id } = await event.locals.api.requestTypes.create(input);
      redirect(303, `/admin/request-types/${id}`);
    })
};
