import { error } from '@sveltejs/kit';
import { QUERY_SORTS } from '#lib/desk/inputs.ts';
import { sharedFilters, statusesOf, whose } from '#lib/desk/list-url.ts';
import { PRIORITIES, QUERY_STATUSES } from '#lib/desk/model.ts';
import { numberIn, runAction } from '#lib/ui/form.server.ts';
import { queryOf } from '#lib/ui/query.ts';
import type { Actions, PageServerLoad } from './$types';

const UNFINISHED = ['open', 'in_progress'] as const;

export const load: PageServerLoad = async ({ locals: { api }, url }) => {
  const asked = queryOf(url);
  const board = asked.oneOf('view', ['board']) !== undefined;
  const { mine, personId: rmId } = whose(asked, 'rm');
  const status = asked.oneOf('status', ['all', ...QUERY_STATUSES]);
  const { priority, ...shared } = sharedFilters(asked);
  const filter = {
    ...shared,
    mine,
    rmId,
    status: statusesOf(status, UNFINISHED, board),
    priority: priority && [priority]
  };
  const sort = asked.sort(QUERY_SORTS);
  return {
    filter: { ...shared, priority, status, rm: mine ? 'me' : rmId },
    queries: board ? null : await api.queries.list({ filter, sort, cursor: asked.cursor }),
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
