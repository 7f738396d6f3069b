import { error, redirect } from '@sveltejs/kit';
import { deactivateInput } from '#lib/handover/model.ts';
import { asChoices } from '#lib/people/pick.ts';
import { runForm } from '#lib/ui/form.server.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { api }, params }) => {
  const id = Number(params.id);
  const person = await api.people.byId({ id });
  if (!person.can.decide || !person.active) error(403, 'This user cannot be deactivated by you.');
  const [work, options] = await Promise.all([api.people.work({ id }), api.people.options({})]);
  return { person, work, colleagues: asChoices(options).filter(({ value }) => value !== id) };
};

export const actions: Actions = {
  default: (event) =>
    runForm(event, deactivateInput, async (input) => {
      await event.locals.api.handover.deactivate(input);
      redirect(303, `/admin/users/${input.id}`);
    })
};
