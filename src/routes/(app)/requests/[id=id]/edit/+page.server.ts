import { error, redirect } from '@sveltejs/kit';
import { editRequestForm } from '#lib/desk/request-form.ts';
import { runForm } from '#lib/ui/form.server.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, params }) => {
  const request = await locals.api.requests.byId({ id: Number(params.id) });
  if (!request.can.edit) error(403, 'You may not change this request.');
  return { request };
};

export const actions: Actions = {
  default: async (event) => {
    const { api } = event.locals;
    const { fields } = await api.requests.byId({ id: Number(event.params.id) });
    return runForm(event, editRequestForm(fields), async (input) => {
      await api.requests.update(input);
      redirect(303, `/requests/${input.id}`);
    });
  }
};
