import { error } from '@sveltejs/kit';
import { PRIORITIES } from '#lib/desk/model.ts';
import { numberIn, runAction } from '#lib/ui/form.server.ts';
import { wantedIn } from './filters.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { api }, url }) => {
  const { board, shown, filter, sort, cursor } = wantedIn(url);
  return {
    filter: shown,
    queries: board ? null : await api.queries.list({ filter, sort, cursor }),
    views: await api.views.list({ filter: { module: 'queries' } }),
    board: board ? await api.queries.board({ filter }) : null,
    colleagues: await api.people.options({ function: 'rm', mine: true }),
    teams: (await api.teams.list({ filter: { function: 'rm' } })).items
  };
};

const chosen = (form: FormData) => {
  const ids = form.getAll('ids').map(Number);
  if (ids.length === 0) error(400, 'Select at least one query first.');
  return ids;
};

export const actions: Actions = {
  assign: (event) =>
    runAction(event, async (form) => {
      await event.locals.api.queries.assign({ ids: chosen(form), rmId: numberIn(form, 'rmId') });
    }),
  prioritise: (event) =>
    runAction(event, async (form) => {
      const priority = PRIORITIES.find((each) => each === form.get('priority'));
      if (!priority) error(400, 'Choose a priority first.');
      await event.locals.api.queries.prioritise({ ids: chosen(form), priority });
    })
};
