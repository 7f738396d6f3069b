import { redirect } from '@sveltejs/kit';
import { changePasswordInput } from '#lib/platform/auth/model.ts';
import { runForm } from '#lib/ui/form.server.ts';
import type { Actions, PageServerLoad } from './$types';

/** Outside the frame: a one-time password must be changed before anything else can be asked for. */
export const load: PageServerLoad = async ({ locals }) => {
  const { email, mustChangePassword } = await locals.api.auth.me();
  return { email, mustChangePassword, brand: await locals.api.settings.brand() };
};

export const actions: Actions = {
  default: (event) =>
    runForm(event, changePasswordInput, async (input) => {
      await event.locals.api.auth.changePassword(input);
      redirect(303, '/me');
    })
};
