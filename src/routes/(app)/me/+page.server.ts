import { redirect } from '@sveltejs/kit';
import { asChoices } from '#lib/people/pick.ts';
import { timeZones } from '#lib/people/time-zones.ts';
import { leaveInput, profileInput } from '#lib/people/user-inputs.ts';
import { revokeSessionInput } from '#lib/platform/auth/model.ts';
import { runForm } from '#lib/ui/form.server.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { api } }) => {
  const [account, sessions, person, colleagues] = await Promise.all([
    api.auth.me(),
    api.auth.sessions.list(),
    api.people.me(),
    api.people.options({})
  ]);
  return { account, sessions, person, colleagues: asChoices(colleagues), zones: timeZones() };
};

export const actions: Actions = {
  profile: (event) =>
    runForm(event, profileInput, async (input) => {
      await event.locals.api.people.updateProfile(input);
    }),
  leave: (event) =>
    runForm(event, leaveInput, async (input) => {
      await event.locals.api.people.setLeave(input);
    }),
  revoke: (event) =>
    runForm(event, revokeSessionInput, async (input) => {
      const mine = await event.locals.api.auth.sessions.list();
      await event.locals.api.auth.sessions.revoke(input);
      if (mine.some(({ id, current }) => current && id === input.id)) redirect(303, '/login');
    })
};
