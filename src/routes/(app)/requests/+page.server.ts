import { error, redirect } from '@sveltejs/kit';
import { REQUEST_SORTS } from '#lib/desk/inputs.ts';
import { sharedFilters, statusesOf, whose } from '#lib/desk/list-url.ts';
import { PRIORITIES, REQUEST_STATUSES } from '#lib/desk/model.ts';
import { numberIn, runAction } from '#lib/ui/form.server.ts';
import { queryOf } from '#lib/ui/query.ts';
import type { Actions, PageServerLoad } from './$types';

const UNFINISHED = ['pending', 'in_progress'] as const;

export const load: PageServerLoad = async ({ locals: { api }, url }) => {
  const asked = queryOf(url);
  const board = asked.oneOf('view', ['board']) !== undefined;
  const { mine, personId: assigneeId } = whose(asked, 'assignee');
  const unassigned = asked.text('assignee') === 'nobody' || undefined;
  const status = asked.oneOf('status', ['all', ...REQUEST_STATUSES]);
  const { priority, ...shared } = sharedFilters(asked);
  const typeId = asked.id('type');
  const filter = {
    ...shared,
    typeId,
    mine,
    assigneeId,
    unassigned,
    status: statusesOf(status, UNFINISHED, board),
    priority: priority && [priority]
  };
  const sort = asked.sort(REQUEST_SORTS);
  const assignee = mine ? 'me' : unassigned ? 'nobody' : assigneeId;
  return {
    filter: { ...shared, typeId, priority, status, assignee },
    requests: board ? null : await api.requests.list({ filter, sort, cursor: asked.cursor }),
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
