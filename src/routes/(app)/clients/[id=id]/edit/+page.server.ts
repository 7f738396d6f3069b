import { error, redirect } from '@sveltejs/kit';
import { changesOf, editClientForm } from '#lib/clients/page-inputs.ts';
import { runForm } from '#lib/ui/form.server.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { api }, params }) => {
  const client = await api.clients.byId({ id: Number(params.id) });
  if (!client.can.edit) error(403, 'You may not change this client.');
  return { client, lists: await api.settings.lists() };
};

export const actions: Actions = {
  default: (event) =>
    runForm(event, editClientForm, async (input) => {
      const answer = await event.locals.api.clients.update(changesOf(input));
      if (answer.outcome === 'sent_for_review') return { outcome: answer.outcome };
      const record = `/clients/${input.id}`;
      redirect(303, answer.warnings.length > 0 && input.pan ? `${record}?check=pan` : record);
    })
};
