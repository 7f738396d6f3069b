import { error, redirect } from '@sveltejs/kit';
import { givenFor, newRequestForm } from '#lib/desk/request-form.ts';
import { runForm } from '#lib/ui/form.server.ts';
import { queryOf } from '#lib/ui/query.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { api, actor }, url }) => {
  if (!actor?.grants['requests.create']) error(403, 'You may not open requests.');
  const asked = queryOf(url);
  const clientId = asked.id('clientId') ?? asked.id('client');
  return {
    anyClient: actor.grants['requests.create'] === 'all',
    client: clientId ? await api.clients.byId({ id: clientId }) : null,
    typeId: asked.id('type'),
    details: asked.text('details'),
    clients: (await api.clients.list({ limit: 50 })).items,
    types: await api.requests.types({}),
    colleagues: actor.grants['requests.assign']
      ? await api.people.options({ function: 'ops', mine: true })
      : []
  };
};

export const actions: Actions = {
  default: async (event) => {
    const { api } = event.locals;
    const types = await api.requests.types({});
    return runForm(event, newRequestForm(types), async (input) => {
      const { id } = await api.requests.open({ ...input, fields: givenFor(types, input) });
      redirect(303, `/requests/${id}`);
    });
  }
};
