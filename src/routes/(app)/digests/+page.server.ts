import { redirect } from '@sveltejs/kit';
import { DIGEST_KINDS } from '#lib/digests/model.ts';
import { runAction } from '#lib/ui/form.server.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { api }, url }) => {
  const cursor = url.searchParams.get('cursor') ?? undefined;
  return { digests: await api.digests.list({ cursor }), person: await api.people.me() };
};

export const actions: Actions = {
  send: (event) =>
    runAction(event, async (form) => {
      const kind = DIGEST_KINDS.find((one) => one === form.get('kind'));
      const { id } = await event.locals.api.digests.send({ kind });
      redirect(303, `/digests/${id}`);
    })
};
