import { decideForm } from '#lib/duplicates/model.ts';
import { runForm } from '#lib/ui/form.server.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { api }, params }) => ({
  duplicate: await api.duplicates.byId({ id: Number(params.id) })
});

export const actions: Actions = {
  decide: (event) =>
    runForm(event, decideForm, async (input) => {
      await event.locals.api.duplicates.decide({ id: Number(event.params.id), ...input });
    })
};
