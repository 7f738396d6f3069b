import { error, redirect } from '@sveltejs/kit';
import { PRIORITIES } from '#lib/desk/model.ts';
import { numberIn, runAction } from '#lib/ui/form.server.ts';
import { wantedIn } from './filters.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { api }, url }) => {
  const { board, shown, filter, sort, cursor } = wantedIn(url);
  return {
    filter: shown,
    requests: board ? null : await api.requests.list({ filter, sort, cursor }),
    views: await api.views.list({ filter: { module: 'requests' } }),
    board: board ? await api.requests.board({ filter }) : null,
    types: await api.requests.types({ all: true }),
    teams: (await api.teams.list({ filter: { function: 'ops' } })).items,
    colleagues: await api.people.options({ function: 'ops', mine: true })
  };
};

const chosen = (form: FormData) => {
  const ids = form.getAll('ids').map(Number);
  if (ids.length === 0) error(400, 'Select at least one request first.');
  return ids;
};

export const actions: Actions = {
  assign: (event) =>
    runAction(event, async (form) => {
      const assigneeId = numberIn(form, 'assigneeId');
      await event.locals.api.requests.assign({ ids: chosen(form), assigneeId });
    }),
  prioritise: (event) =>
    runAction(event, async (form) => {
      const priority = PRIORITIES.find((each) => each === form.get('priority'));
      if (!priority) error(400, 'Choose a priority first.');
      await event.locals.api.requests.prioritise({ ids: chosen(form), priority });
    }),
  takeNext: (event) =>
    runAction(event, async () => {
      const taken = await event.locals.api.requests.takeNext({});
      if (!taken) error(409, 'Nothing waits in your queue.');
      redirect(303, `/requests/${taken.id}`);
    })
};
