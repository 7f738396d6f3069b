import { error, redirect } from '@sveltejs/kit';
import { updateRequestInput } from '#lib/desk/inputs.ts';
import { runForm } from '#lib/ui/form.server.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, params }) => {
  const request = await locals.api.requests.byId({ id: Number(params.id) });
  if (!request.can.edit) error(403, 'You may not change this request.');
  return { request };
};

export const actions: Actions = {
  default: (event) =>
    runForm(event, updateRequestInput, async (input) => {
      await event.locals.api.requests.update(input);
      redirect(303, `/requests/${input.id}`);
    })
};
