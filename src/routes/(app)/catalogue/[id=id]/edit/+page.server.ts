import { error, redirect } from '@sveltejs/kit';
import { productInputs } from '#lib/catalogue/page-inputs.ts';
import { runForm } from '#lib/ui/form.server.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { api }, params }) => {
  const [product, choices] = await Promise.all([
    api.catalogue.byId({ id: Number(params.id) }),
    api.catalogue.choices()
  ]);
  if (!product.can.manage) error(403, 'You may not change the catalogue.');
  return { product, choices };
};

export const actions: Actions = {
  default: (event) =>
    runForm(event, productInputs.update, async (input) => {
      const { id } = await event.locals.api.catalogue.update({ id: Number(event.params.id), ...input });
      redirect(303, `/catalogue/${id}`);
    })
};
