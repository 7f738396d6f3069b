import { error } from '@sveltejs/kit';
import { LEAD_SORTS } from '#lib/leads/inputs.ts';
import { LEAD_MODES, LEAD_STATUSES } from '#lib/leads/model.ts';
import { numberIn, runAction } from '#lib/ui/form.server.ts';
import { queryOf } from '#lib/ui/query.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { api, actor }, url }) => {
  const query = queryOf(url);
  const whose = query.oneOf('rm', ['me', 'nobody']);
  const shown = {
    q: query.text('q'),
    status: query.oneOf('status', LEAD_STATUSES),
    mode: query.oneOf('mode', LEAD_MODES),
    rm: whose ?? query.id('rm'),
    teamId: query.id('team'),
    productId: query.id('product'),
    from: query.day('from'),
    to: query.day('to')
  };
  const { rm, status, ...rest } = shown;
  const filter = {
    ...rest,
    status: status && [status],
    mine: whose === 'me' || undefined,
    unassigned: whose === 'nobody' || undefined,
    rmId: typeof rm === 'number' ? rm : undefined
  };
  const assigns = actor?.grants['leads.assign'] !== undefined;
  return {
    filter: shown,
    leads: await api.leads.list({ filter, sort: query.sort(LEAD_SORTS), cursor: query.cursor }),
    products: (await api.catalogue.list({ limit: 100 })).items,
    teams: assigns ? (await api.teams.list({ filter: { function: 'rm' } })).items : [],
    colleagues: assigns ? await api.people.options({ function: 'rm', mine: true }) : []
  };
};

export const actions: Actions = {
  assign: (event) =>
    runAction(event, async (form) => {
      const ids = form.getAll('ids').map(Number);
      if (ids.length === 0) error(400, 'Select at least one lead first.');
      await event.locals.api.leads.assign({ ids, rmId: numberIn(form, 'rmId') });
    })
};
