import { scheduleNameIn } from '#lib/admin/model.ts';
import { queryOf } from '#lib/ui/query.ts';
import { numberIn, runAction } from '#lib/ui/form.server.ts';
import type { Actions, PageServerLoad } from './$types';

const RUN_STATES = ['running', 'done', 'failed'] as const;

export const load: PageServerLoad = async ({ locals, url }) => {
  const cursor = url.searchParams.get('cursor') ?? undefined;
  const schedule = scheduleNameIn(url.searchParams.get('schedule'));
  const state = queryOf(url).oneOf('state', RUN_STATES);
  return {
    schedule,
    state,
    jobs: await locals.api.admin.jobs.list(),
    runs: await locals.api.admin.jobs.runs({ filter: { schedule, state }, cursor, limit: 25 })
  };
};

export const actions: Actions = {
  run: (event) =>
    runAction(event, async (form) => {
      const name = scheduleNameIn(form.get('name'));
      if (name) await event.locals.api.admin.jobs.run({ name });
    }),
  retry: (event) =>
    runAction(event, async (form) => {
      await event.locals.api.admin.jobs.retry({ id: numberIn(form, 'id') });
    })
};
