import { redirect } from '@sveltejs/kit';
import { runForm } from '#lib/ui/form.server.ts';
import { revokeSessionInput } from '#lib/platform/auth/model.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals }) => {
  const [account, sessions] = await Promise.all([locals.api.auth.me(), locals.api.auth.sessions.list()]);
  return { account, sessions };
};

export const actions: Actions = {
  revoke: (event) =>
    runForm(event, revokeSessionInput, async (input) => {
      const mine = await event.locals.api.auth.sessions.list();
      await event.locals.api.auth.sessions.revoke(input);
      if (mine.some(({ id, current }) => current && id === input.id)) redirect(303, '/login');
    })
};
