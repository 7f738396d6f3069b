import { numberIn, runAction } from '#lib/ui/form.server.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, params }) => ({
  mail: await locals.api.admin.outbox.byId({ id: Number(params.id) })
});

export const actions: Actions = {
  sendAgain: (event) =>
    runAction(event, async (form) => {
      await event.locals.api.admin.outbox.sendAgain({ id: numberIn(form, 'id') });
    })
};
