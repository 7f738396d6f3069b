import { error, redirect } from '@sveltejs/kit';
import { updateQueryInput } from '#lib/desk/inputs.ts';
import { runForm } from '#lib/ui/form.server.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, params }) => {
  const query = await locals.api.queries.byId({ id: Number(params.id) });
  if (!query.can.edit) error(403, 'You may not change this query.');
  return { query };
};

export const actions: Actions = {
  default: (event) =>
    runForm(event, updateQueryInput, async (input) => {
      await event.locals.api.queries.update(input);
      redirect(303, `/queries/${input.id}`);
    })
};
