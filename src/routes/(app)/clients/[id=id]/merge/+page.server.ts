import { error, redirect } from '@sveltejs/kit';
import { mergeForm, mergeOf } from '#lib/clients/page-inputs.ts';
import type { Api } from '#lib/platform/trpc/caller.server.ts';
import { runForm } from '#lib/ui/form.server.ts';
import { queryOf } from '#lib/ui/query.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { api, actor }, params, url }) => {
  const id = Number(params.id);
  const otherId = queryOf(url).id('with');
  if (otherId && otherId !== id) {
    const [compared, lists] = await Promise.all([api.clients.compare({ id, otherId }), api.settings.lists()]);
    return { client: compared.client, compared, lists, alike: [] };
  }
  const client = await api.clients.byId({ id });
  if (!client.can.merge) error(403, 'You may not merge this client.');
  const alike = actor?.grants['clients.create'] ? await likeIt(api, client) : [];
  return { client, compared: null, lists: null, alike };
};

type Client = Awaited<ReturnType<Api['clients']['byId']>>;

/** Clients that may be the same: the first the page offers. */
function likeIt(api: Api, { id, name, contactPoints }: Client) {
  const first = (kind: string) => contactPoints.find((point) => point.kind === kind)?.value;
  return api.clients.duplicates({ name, email: first('email'), phone: first('phone'), exceptId: id });
}

export const actions: Actions = {
  default: (event) =>
    runForm(event, mergeForm, async (input) => {
      const kept = await event.locals.api.clients.merge(mergeOf(input));
      redirect(303, `/clients/${kept.id}`);
    })
};
