import { error, redirect } from '@sveltejs/kit';
import { openQueryInput } from '#lib/desk/inputs.ts';
import { runForm } from '#lib/ui/form.server.ts';
import { queryOf } from '#lib/ui/query.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { api, actor }, url }) => {
  if (!actor?.grants['queries.create']) error(403, 'You may not open queries.');
  const asked = queryOf(url);
  const clientId = asked.id('clientId') ?? asked.id('client');
  return {
    subject: asked.text('subject'),
    client: clientId ? await api.clients.byId({ id: clientId }) : null,
    clients: (await api.clients.list({ limit: 50 })).items,
    colleagues: actor.grants['queries.assign'] ? await api.people.options({ function: 'rm', mine: true }) : []
  };
};

export const actions: Actions = {
  default: (event) =>
    runForm(event, openQueryInput, async (input) => {
      const { id } = await event.locals.api.queries.open(input);
      redirect(303, `/queries/${id}`);
    })
};
