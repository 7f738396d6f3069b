import { redirect } from '@sveltejs/kit';
import { numberIn, runAction } from '#lib/ui/form.server.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { api }, params }) => ({
  role: await api.roles.byId({ id: Number(params.id) })
});

export const actions: Actions = {
  reset: (event) =>
    runAction(event, (form) =>
      event.locals.api.roles.reset({ id: Number(event.params.id), version: numberIn(form, 'version') })
    ),
  remove: (event) =>
    runAction(event, async (form) => {
      await event.locals.api.roles.remove({
        id: Number(event.params.id),
        version: numberIn(form, 'version')
      });
      redirect(303, '/admin/roles');
    })
};
