import { redirect } from '@sveltejs/kit';
import { numberIn, runAction } from '#lib/ui/form.server.ts';
import { queryOf } from '#lib/ui/query.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { api }, params, url }) => {
  const holding = await api.holdings.byId({ id: Number(params.id) });
  const step = queryOf(url).oneOf('step', ['remove', 'redeem', 'close']);
  const allowed = step === 'remove' ? holding.can.remove : holding.can.edit && holding.status === 'active';
  return { holding, step: allowed ? step : undefined };
};

const ended =
  (status: 'redeemed' | 'closed' | 'active'): Actions[string] =>
  (event) =>
    runAction(event, async (form) => {
      const endedOn = form.get('endedOn');
      await event.locals.api.holdings.update({
        id: Number(event.params.id),
        version: numberIn(form, 'version'),
        status,
        ...(typeof endedOn === 'string' && endedOn ? { endedOn } : {})
      });
    });

export const actions: Actions = {
  redeem: ended('redeemed'),
  close: ended('closed'),
  reopen: ended('active'),
  remove: (event) =>
    runAction(event, async (form) => {
      const { holdings } = event.locals.api;
      const id = Number(event.params.id);
      const { client } = await holdings.byId({ id });
      await holdings.remove({ id, version: numberIn(form, 'version') });
      redirect(303, client ? `/clients/${client.id}/holdings` : '/');
    })
};
