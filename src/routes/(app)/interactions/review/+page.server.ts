import { error, redirect } from '@sveltejs/kit';
import { reviewForm } from '#lib/reviews/page-inputs.ts';
import type { Api } from '#lib/platform/trpc/caller.server.ts';
import { runForm } from '#lib/ui/form.server.ts';
import { queryOf } from '#lib/ui/query.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { api, actor }, url }) => {
  if (!actor?.grants['interactions.create']) error(403, 'You may not log portfolio reviews.');
  const clientId = queryOf(url).id('client');
  const about = clientId ? await reviewOf(api, clientId) : null;
  return {
    about,
    // Whose review is due first.
    clients: about ? [] : (await api.clients.list({ sort: { by: 'nextReview' }, limit: 50 })).items
  };
};

async function reviewOf(api: Api, clientId: number) {
  const client = await api.clients.byId({ id: clientId });
  if (!client.can.logInteraction) error(403, 'You may not log interactions with them.');
  const { items: holdings } = await api.holdings.list({ clientId, limit: 100 });
  const people = await api.people.options({ mine: true });
  const { rm, secondaryRm } = client;
  const others = [rm, secondaryRm].filter(
    (one) => one !== null && !people.some(({ id }) => id === one.id)
  ) as { id: number; name: string }[];
  return {
    client,
    holdings,
    people: [...people, ...others.map((one) => ({ ...one, team: null }))],
    products: await api.catalogue.search({ q: '', limit: 50 })
  };
}

export const actions: Actions = {
  log: (event) =>
    runForm(event, reviewForm, async (input) => {
      const { id } = await event.locals.api.reviews.log(input);
      redirect(303, `/interactions/${id}`);
    })
};
