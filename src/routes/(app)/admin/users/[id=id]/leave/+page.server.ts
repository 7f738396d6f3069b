import { error, redirect } from '@sveltejs/kit';
import { asChoices } from '#lib/people/pick.ts';
import { leaveInput } from '#lib/people/user-inputs.ts';
import { runForm } from '#lib/ui/form.server.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { api }, params }) => {
  const person = await api.people.byId({ id: Number(params.id) });
  if (!person.can.setLeave) error(403, 'You may not set the leave of this person.');
  return { person, colleagues: asChoices(await api.people.options({})) };
};

export const actions: Actions = {
  default: (event) =>
    runForm(event, leaveInput, async (input) => {
      await event.locals.api.people.setLeave(input);
      redirect(303, `/admin/users/${input.id}`);
    })
};
