import { error, redirect } from '@sveltejs/kit';
import { openRequestInput } from '#lib/desk/inputs.ts';
import { runForm } from '#lib/ui/form.server.ts';
import { queryOf } from '#lib/ui/query.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { api, actor }, url }) => {
  if (!actor?.grants['requests.create']) error(403, 'You may not open requests.');
  const clientId = queryOf(url).id('clientId');
  return {
    anyClient: actor.grants['requests.create'] === 'all',
    client: clientId ? await api.clients.byId({ id: clientId }) : null,
    clients: (await api.clients.list({ limit: 50 })).items,
    types: await api.requests.types({})
  };
};

export const actions: Actions = {
  default: (event) =>
    runForm(event, openRequestInput, async (input) => {
      const { id } = await event.locals.api.requests.open(input);
      redirect(303, `/requests/${id}`);
    })
};
