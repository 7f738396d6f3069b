import { error, redirect } from '@sveltejs/kit';
import { timeZones } from '#lib/people/time-zones.ts';
import { updatePersonInput } from '#lib/people/user-inputs.ts';
import { runForm } from '#lib/ui/form.server.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { api }, params }) => {
  const person = await api.people.byId({ id: Number(params.id) });
  if (!person.can.administer) error(403, 'You may not change this user.');
  const [roles, teams] = await Promise.all([api.people.roles(), api.teams.list({})]);
  return { person, roles: roles.items, teams: teams.items, zones: timeZones() };
};

export const actions: Actions = {
  default: (event) =>
    runForm(event, updatePersonInput, async (input) => {
      await event.locals.api.people.update(input);
      redirect(303, `/admin/users/${input.id}`);
    })
};
