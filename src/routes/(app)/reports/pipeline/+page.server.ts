import { leadReaderOf } from '#lib/leads/whose.ts';
import { filterIn } from '#lib/reports/links.ts';
import { pipelineInput } from '#lib/reports/model.ts';
import { runAction } from '#lib/ui/form.server.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { api, actor }, url }) => ({
  reader: actor ? leadReaderOf(actor) : ('own' as const),
  report: await api.reports.pipeline(filterIn(pipelineInput, url))
});

export const actions: Actions = {
  writeNow: (event) =>
    runAction(event, async () => {
      await event.locals.api.admin.jobs.run({ name: 'reports.pipeline' });
    })
};
