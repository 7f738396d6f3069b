import { error } from '@sveltejs/kit';
import { LEAD_SORTS } from '#lib/leads/inputs.ts';
import { followUpForm } from '#lib/leads/page-inputs.ts';
import { leadReaderOf } from '#lib/leads/whose.ts';
import type { Api } from '#lib/platform/trpc/caller.server.ts';
import { numberIn, runAction, runForm } from '#lib/ui/form.server.ts';
import { queryOf } from '#lib/ui/query.ts';
import { filterOf, shownIn } from './filters.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { api, actor }, url, isDataRequest }) => {
  const query = queryOf(url);
  const shown = shownIn(url);
  const wanted = { filter: filterOf(shown), sort: query.sort(LEAD_SORTS) };
  const board = query.oneOf('view', ['board']) !== undefined;
  const seesProducts = actor?.grants['catalogue.view'] !== undefined;
  const assigns = actor?.grants['leads.assign'] !== undefined;
  return {
    filter: shown,
    reader: actor ? leadReaderOf(actor) : ('own' as const),
    board: board ? await api.leads.board(wanted) : null,
    leads: board ? null : await api.leads.list({ ...wanted, cursor: query.cursor }),
    views: await api.views.list({ filter: { module: 'leads' } }),
    // With JavaScript the typeahead asks for itself.
    products: seesProducts && !isDataRequest ? await api.catalogue.search({ q: '', limit: 50 }) : [],
    seesProducts,
    reason: shown.denialReason && (await reasonLabel(api, shown.denialReason)),
    teams: assigns ? (await api.teams.list({ filter: { function: 'rm' } })).items : [],
    colleagues: assigns ? await api.people.options({ function: 'rm', mine: true }) : []
  };
};

async function reasonLabel({ settings }: Api, key: string) {
  const { denial_reason: reasons } = await settings.lists();
  return reasons.find((reason) => reason.key === key)?.label;
}

export const actions: Actions = {
  assign: (event) =>
    runAction(event, async (form) => {
      const ids = form.getAll('ids').map(Number);
      if (ids.length === 0) error(400, 'Select at least one lead first.');
      await event.locals.api.leads.assign({ ids, rmId: numberIn(form, 'rmId') });
    }),
  followUp: (event) =>
    runForm(event, followUpForm, async (input) => {
      await event.locals.api.leads.update(input);
    })
};
