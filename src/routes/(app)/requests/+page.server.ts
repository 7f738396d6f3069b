import { error, redirect } from '@sveltejs/kit';
import { DESK_SORTS } from '#lib/desk/inputs.ts';
import { PRIORITIES, REQUEST_STATUSES, WAITING_ON } from '#lib/desk/model.ts';
import { numberIn, runAction } from '#lib/ui/form.server.ts';
import { queryOf } from '#lib/ui/query.ts';
import type { Actions, PageServerLoad } from './$types';

const UNFINISHED = ['pending', 'in_progress'] as const;

export const load: PageServerLoad = async ({ locals, url }) => {
  const query = queryOf(url);
  const shown = {
    q: query.text('q'),
    // What is finished is shown when somebody asks for it.
    status: query.oneOf('status', ['all', ...REQUEST_STATUSES]),
    priority: query.oneOf('priority', PRIORITIES),
    waitingOn: query.oneOf('waitingOn', WAITING_ON),
    typeId: query.id('type'),
    teamId: query.id('team'),
    assigneeId: query.id('assignee'),
    mine: query.flag('mine'),
    overdue: query.flag('overdue')
  };
  const { status, priority, ...rest } = shown;
  const wanted = status === 'all' ? undefined : status ? [status] : [...UNFINISHED];
  const filter = { ...rest, status: wanted, priority: priority && [priority] };
  const { api } = locals;
  return {
    filter: shown,
    requests: await api.requests.list({ filter, sort: query.sort(DESK_SORTS), cursor: query.cursor }),
    types: await api.requests.types({}),
    teams: (await api.teams.list({ filter: { function: 'ops' } })).items,
    colleagues: locals.actor?.grants['requests.assign']
      ? await api.people.options({ function: 'ops', mine: true })
      : []
  };
};

export const actions: Actions = {
  assign: (event) =>
    runAction(event, async (form) => {
      const ids = form.getAll('ids').map(Number);
      if (ids.length === 0) error(400, 'Select at least one request first.');
      await event.locals.api.requests.assign({ ids, assigneeId: numberIn(form, 'assigneeId') });
    }),
  takeNext: (event) =>
    runAction(event, async () => {
      const taken = await event.locals.api.requests.takeNext({});
      if (!taken) error(409, 'Nothing waits in your queue.');
      redirect(303, `/requests/${taken.id}`);
    })
};
