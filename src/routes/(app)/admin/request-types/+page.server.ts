import { numberIn, runAction } from '#lib/ui/form.server.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { api } }) => ({ types: await api.requestTypes.list() });

export const actions: Actions = {
  move: (event) =>
    runAction(event, async (form) => {
      const by = form.get('by') === '1' ? 1 : -1;
      await event.locals.api.requestTypes.move({ id: numberIn(form, 'id'), by });
    })
};
