import { redirect } from '@sveltejs/kit';
import { runAction } from '#lib/ui/form.server.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { api }, url }) => {
  const cursor = url.searchParams.get('cursor') ?? undefined;
  return { digests: await api.digests.list({ cursor }), wanted: (await api.people.me()).digest };
};

export const actions: Actions = {
  send: (event) =>
    runAction(event, async () => {
      const { id } = await event.locals.api.digests.send({});
      redirect(303, `/digests/${id}`);
    })
};
