import { redirect } from '@sveltejs/kit';
import { editTypeForm } from '#lib/desk/type-inputs.ts';
import { runForm } from '#lib/ui/form.server.ts';
import { operationsTeams } from '../../teams.server.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, params }) => ({
  type: await locals.api.requestTypes.byId({ id: Number(params.id) }),
  ...(await operationsTeams(locals))
});

export const actions: Actions = {
  default: (event) =>
    runForm(event, editTypeForm, async (input) => {
      await event.locals.api.requestTypes.update(input);
      redirect(303, `/admin/request-types/${input.id}`);
    })
};
