import { error, redirect } from '@sveltejs/kit';
import { newClientForm } from '#lib/clients/page-inputs.ts';
import { runForm } from '#lib/ui/form.server.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { api, actor } }) => {
  if (!actor?.grants['clients.create']) error(403, 'You may not add clients.');
  const mayAssign = actor.grants['clients.assign'] !== undefined;
  return {
    lists: await api.settings.lists(),
    mayAssign,
    colleagues: mayAssign ? await api.people.options({ function: 'rm', mine: true }) : []
  };
};

export const actions: Actions = {
  default: (event) =>
    runForm(event, newClientForm, async (input) => {
      const answer = await event.locals.api.clients.create(input);
      if (answer.outcome === 'sent_for_review') return { outcome: answer.outcome };
      const record = `/clients/${answer.client.id}`;
      redirect(303, answer.warnings.length > 0 ? `${record}?check=pan` : record);
    })
};
