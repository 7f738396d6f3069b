import { error, redirect } from '@sveltejs/kit';
import { editInteractionForm } from '#lib/interactions/page-inputs.ts';
import { editReviewForm } from '#lib/reviews/page-inputs.ts';
import { runForm } from '#lib/ui/form.server.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { api }, params }) => {
  const id = Number(params.id);
  const interaction = await api.interactions.byId({ id });
  if (!interaction.can.edit) error(403, 'This was logged by somebody else.');
  const { client } = interaction;
  const reviewed = interaction.purpose === 'portfolio_review';
  return {
    interaction,
    review: reviewed ? await api.reviews.byId({ id }) : null,
    holdings: reviewed && client ? (await api.holdings.list({ clientId: client.id, limit: 100 })).items : []
  };
};

export const actions: Actions = {
  save: (event) =>
    runForm(event, editInteractionForm, async ({ occurredAt, ...input }) => {
      const id = Number(event.params.id);
      await event.locals.api.interactions.update({ id, ...input, ...(occurredAt && { occurredAt }) });
      redirect(303, `/interactions/${id}`);
    }),
  review: (event) =>
    runForm(event, editReviewForm, async (input) => {
      const id = Number(event.params.id);
      await event.locals.api.reviews.update({ id, ...input });
      redirect(303, `/interactions/${id}`);
    })
};
