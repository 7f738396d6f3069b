import { error } from '@sveltejs/kit';
import { numberIn, runAction } from '#lib/ui/form.server.ts';
import { queryOf } from '#lib/ui/query.ts';
import { wantedIn } from './filters.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { api }, url }) => {
  const { filter, sort } = wantedIn(url);
  const [clients, lists, colleagues, facets, views] = await Promise.all([
    api.clients.list({ filter, sort, cursor: queryOf(url).cursor }),
    api.settings.lists(),
    api.people.options({ function: 'rm', mine: true }),
    api.clients.facets(),
    api.views.list({ filter: { module: 'clients' } })
  ]);
  return { filter, clients, lists, colleagues, facets, views };
};

function idsIn(form: FormData): number[] {
  const ids = form.getAll('ids').map(Number);
  if (ids.length === 0) error(400, 'Select at least one first.');
  return ids;
}

export const actions: Actions = {
  assign: (event) =>
    runAction(event, async (form) => {
      if (!form.get('rmId')) error(400, 'Choose whom to give them to.');
      await event.locals.api.clients.assign({ ids: idsIn(form), primaryRmId: numberIn(form, 'rmId') });
    }),
  tag: (event) =>
    runAction(event, async (form) => {
      const tag = form.get('tag');
      if (typeof tag !== 'string' || !tag.trim()) error(400, 'Write the tag first.');
      await event.locals.api.clients.addTag({ ids: idsIn(form), tag });
    })
};
