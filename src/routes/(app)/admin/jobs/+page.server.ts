import { scheduleNameIn } from '#lib/admin/model.ts';
import { numberIn, runAction } from '#lib/ui/form.server.ts';
import { wantedIn } from './filters.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url, depends }) => {
  depends('app:late');
  const cursor = url.searchParams.get('cursor') ?? undefined;
  const wanted = wantedIn(url);
  const [jobs, runs, queues] = await Promise.all([
    locals.api.admin.jobs.list(),
    locals.api.admin.jobs.runs({ ...wanted, cursor, limit: 25 }),
    locals.api.admin.jobs.queues()
  ]);
  const discard = jobs.deadLetters.find(({ id }) => id === Number(url.searchParams.get('discard'))) ?? null;
  return { ...wanted.filter, every: wanted.every, jobs, runs, queues, discard };
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
    }),
  discard: (event) =>
    runAction(event, async (form) => {
      await event.locals.api.admin.jobs.discard({ id: numberIn(form, 'id') });
    })
};
