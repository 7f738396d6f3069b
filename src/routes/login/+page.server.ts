import { redirect } from '@sveltejs/kit';
import { loginInput } from '#lib/platform/auth/model.ts';
import { runForm } from '#lib/ui/form.server.ts';
import { safeNext } from '#lib/ui/url.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url }) => {
  if (locals.actor) redirect(303, safeNext(url.searchParams.get('next')));
  return { brand: await locals.api.settings.brand() };
};

export const actions: Actions = {
  default: (event) =>
    runForm(event, loginInput, async (input) => {
      await event.locals.api.auth.login(input);
      redirect(303, safeNext(event.url.searchParams.get('next')));
    })
};
