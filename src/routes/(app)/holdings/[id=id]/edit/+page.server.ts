import { error, redirect } from '@sveltejs/kit';
import { holdingEditForm } from '#lib/holdings/page-inputs.ts';
import { runForm } from '#lib/ui/form.server.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { api }, params, isDataRequest }) => {
  const holding = await api.holdings.byId({ id: Number(params.id) });
  if (!holding.can.edit) error(403, 'This holding is a colleague’s to change.');
  // With JavaScript the typeahead asks for itself.
  return { holding, products: isDataRequest ? [] : await api.catalogue.search({ q: '', limit: 50 }) };
};

export const actions: Actions = {
  default: (event) =>
    runForm(event, holdingEditForm, async (input) => {
      const { id } = await event.locals.api.holdings.update({ id: Number(event.params.id), ...input });
      redirect(303, `/holdings/${id}`);
    })
};
