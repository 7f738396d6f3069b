import { error } from '@sveltejs/kit';
import { DESK_SORTS } from '#lib/desk/inputs.ts';
import { PRIORITIES, QUERY_STATUSES, WAITING_ON } from '#lib/desk/model.ts';
import { numberIn, runAction } from '#lib/ui/form.server.ts';
import { queryOf } from '#lib/ui/query.ts';
import type { Actions, PageServerLoad } from './$types';

const UNFINISHED = ['open', 'in_progress'] as const;

export const load: PageServerLoad = async ({ locals, url }) => {
  const query = queryOf(url);
  const shown = {
    q: query.text('q'),
    // What is finished is shown when somebody asks for it.
    status: query.oneOf('status', ['all', ...QUERY_STATUSES]),
    priority: query.oneOf('priority', PRIORITIES),
    waitingOn: query.oneOf('waitingOn', WAITING_ON),
    rmId: query.id('rm'),
    mine: query.flag('mine'),
    overdue: query.flag('overdue')
  };
  const { status, priority, ...rest } = shown;
  const wanted = status === 'all' ? undefined : status ? [status] : [...UNFINISHED];
  const filter = { ...rest, status: wanted, priority: priority && [priority] };
  return {
    filter: shown,
    queries: await locals.api.queries.list({ filter, sort: query.sort(DESK_SORTS), cursor: query.cursor }),
    colleagues: await locals.api.people.options({ function: 'rm', mine: true })
  };
};

export const actions: Actions = {
  assign: (event) =>
    runAction(event, async (form) => {
      const ids = form.getAll('ids').map(Number);
      if (ids.length === 0) error(400, 'Select at least one query first.');
      await event.locals.api.queries.assign({ ids, rmId: numberIn(form, 'rmId') });
    })
};
