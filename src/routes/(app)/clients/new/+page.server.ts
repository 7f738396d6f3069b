import { error, redirect } from '@sveltejs/kit';
import { newClientForm } from '#lib/clients/page-inputs.ts';
import { queryOf } from '#lib/ui/query.ts';
import { runForm } from '#lib/ui/form.server.ts';
import type { Actions, PageServerLoad } from './$types';

/** What was sent for review before and may be entered now, to start with. */
async function enteredBefore(api: App.Locals['api'], id: number | undefined) {
  if (id === undefined) return {};
  const duplicate = await api.duplicates.byId({ id });
  if (duplicate.role !== 'asker') return {};
  const { of: _of, sale: _sale, panLast4: _pan, ...entered } = duplicate.entered;
  return entered;
}

export const load: PageServerLoad = async ({ locals: { api, actor }, url }) => {
  if (!actor?.grants['clients.create']) error(403, 'You may not add clients.');
  const mayAssign = actor.grants['clients.assign'] !== undefined;
  return {
    entered: await enteredBefore(api, queryOf(url).id('duplicate')),
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
