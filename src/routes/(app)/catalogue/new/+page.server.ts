import { error, redirect } from '@sveltejs/kit';
import { productInputs } from '#lib/catalogue/page-inputs.ts';
import { runForm } from '#lib/ui/form.server.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { api, actor } }) => {
  if (!actor?.grants['catalogue.manage']) error(403, 'You may not change the catalogue.');
  return { choices: await api.catalogue.choices() };
};

export const actions: Actions = {
  default: (event) =>
    runForm(event, productInputs.create, async (input) => {
      const { id } = await event.locals.api.catalogue.create(input);
      redirect(303, `/catalogue/${id}`);
    })
};
