import { redirect } from '@sveltejs/kit';
import { acceptInvitationInput } from '#lib/platform/auth/model.ts';
import { runForm } from '#lib/ui/form.server.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, params }) => ({
  invited: await locals.api.auth.invitation({ token: params.token }),
  brand: await locals.api.settings.brand()
});

export const actions: Actions = {
  default: (event) =>
    runForm(event, acceptInvitationInput.omit({ token: true }), async ({ password }) => {
      await event.locals.api.auth.acceptInvitation({ token: event.params.token ?? '', password });
      redirect(303, '/');
    })
};
