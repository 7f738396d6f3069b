import { error, redirect } from '@sveltejs/kit';
import { leadInputs } from '#lib/leads/page-inputs.ts';
import { runForm } from '#lib/ui/form.server.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { api }, params }) => {
  const lead = await api.leads.byId({ id: Number(params.id) });
  if (!lead.can.edit) error(403, 'This lead is finished or a colleague’s: it cannot be edited now.');
  return {
    lead,
    clients: (await api.clients.list({ sort: { by: 'name' }, limit: 50 })).items,
    products: await api.catalogue.search({ q: '', limit: 50 })
  };
};

export const actions: Actions = {
  default: (event) =>
    runForm(event, leadInputs.update, async (input) => {
      const { id } = await event.locals.api.leads.update({ id: Number(event.params.id), ...input });
      redirect(303, `/leads/${id}`);
    })
};
