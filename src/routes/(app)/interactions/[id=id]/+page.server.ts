import { redirect } from '@sveltejs/kit';
import { numberIn, runAction } from '#lib/ui/form.server.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { api }, params, url }) => {
  const id = Number(params.id);
  const interaction = await api.interactions.byId({ id });
  return {
    interaction,
    review: interaction.purpose === 'portfolio_review' ? await api.reviews.byId({ id }) : null,
    step: interaction.can.delete && url.searchParams.get('step') === 'delete' ? ('delete' as const) : null
  };
};

export const actions: Actions = {
  delete: (event) =>
    runAction(event, async (form) => {
      const { interactions } = event.locals.api;
      await interactions.delete({ id: Number(event.params.id), version: numberIn(form, 'version') });
      redirect(303, '/interactions');
    })
};
