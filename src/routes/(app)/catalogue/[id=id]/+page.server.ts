import { redirect } from '@sveltejs/kit';
import { may } from '#lib/platform/auth/permissions.ts';
import type { Api } from '#lib/platform/trpc/caller.server.ts';
import { numberIn, runAction } from '#lib/ui/form.server.ts';
import { queryOf } from '#lib/ui/query.ts';
import type { Actions, PageServerLoad } from './$types';

const LEADS_SHOWN = 10;
const HOLDINGS_SHOWN = 20;

export const load: PageServerLoad = async ({ locals: { api, actor }, params, url }) => {
  const id = Number(params.id);
  const query = queryOf(url);
  const [product, held, leads] = await Promise.all([
    api.catalogue.byId({ id }),
    actor && may(actor, 'holdings.view') ? heldBy(api, id, query.cursor) : null,
    actor && may(actor, 'leads.view') ? openLeads(api, id) : null
  ]);
  const step = query.oneOf('step', ['remove']);
  return { product, held, leads, step: product.can.manage ? step : undefined };
};

/** What the viewer's clients hold of it; nobody else's is counted. */
async function heldBy(api: Api, productId: number, cursor: string | undefined) {
  const [totals, holdings] = await Promise.all([
    api.holdings.totals({ productId }),
    api.holdings.list({ filter: { productId }, cursor, limit: HOLDINGS_SHOWN })
  ]);
  return { totals, holdings };
}

const openLeads = (api: Api, productId: number) =>
  api.leads.list({ filter: { productId, status: ['new', 'wip'] }, limit: LEADS_SHOWN });

const switched =
  (active: boolean): Actions[string] =>
  (event) =>
    runAction(event, async (form) => {
      const id = Number(event.params.id);
      await event.locals.api.catalogue.update({ id, version: numberIn(form, 'version'), active });
    });

export const actions: Actions = {
  activate: switched(true),
  deactivate: switched(false),
  remove: (event) =>
    runAction(event, async (form) => {
      const id = Number(event.params.id);
      await event.locals.api.catalogue.remove({ id, version: numberIn(form, 'version') });
      redirect(303, '/catalogue');
    })
};
