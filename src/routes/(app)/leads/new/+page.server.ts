import { error, redirect } from '@sveltejs/kit';
import { createLeadInput } from '#lib/leads/inputs.ts';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import { runForm } from '#lib/ui/form.server.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { api, actor } }) => {
  if (!actor?.grants['leads.create']) error(403, 'You may not enter leads.');
  return {
    clients: (await api.clients.list({ sort: { by: 'name' }, limit: 50 })).items,
    products: await api.catalogue.search({ q: '', limit: 50 }),
    assigning: actor.grants['leads.assign'] ? await assigning(api, actor) : undefined
  };
};

/** Whom and which teams a new lead may be given to. */
async function assigning(api: App.Locals['api'], actor: Actor) {
  const { items } = await api.teams.list({ filter: { function: 'rm' } });
  const mine = new Set([...actor.teamIds, ...actor.headedTeamIds]);
  return {
    colleagues: await api.people.options({ function: 'rm', mine: true }),
    teams: items.filter(({ id }) => actor.seesAll || mine.has(id)).map(({ id, name }) => ({ id, name }))
  };
}

export const actions: Actions = {
  default: (event) =>
    runForm(event, createLeadInput, async (input) => {
      const { id } = await event.locals.api.leads.create(input);
      redirect(303, `/leads/${id}`);
    })
};
