import { redirect } from '@sveltejs/kit';
import { createPersonInput } from '#lib/people/user-inputs.ts';
import { runForm } from '#lib/ui/form.server.ts';
import { timeZones } from '#lib/people/time-zones.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { api } }) => {
  const [roles, teams] = await Promise.all([api.people.roles(), api.teams.list({})]);
  return { roles: roles.items, teams: teams.items, zones: timeZones() };
};

export const actions: Actions = {
  default: (event) =>
    runForm(event, createPersonInput, async (input) => {
      const { id } = await event.locals.api.people.create(input);
      redirect(303, `/admin/users/${id}`);
    })
};
