import { error, redirect } from '@sveltejs/kit';
import { createCalendarInput } from '#lib/policies/calendar-inputs.ts';
import { timeZones } from '#lib/settings/zones.ts';
import { runForm } from '#lib/ui/form.server.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = ({ locals: { actor } }) => {
  if (!actor?.grants['admin.policies']) error(403, 'You may not change calendars.');
  return { zones: timeZones() };
};

export const actions: Actions = {
  default: (event) =>
    runForm(event, createCalendarInput, async (input) => {
      const { id } = await event.locals.api.calendars.create(input);
      redirect(303, `/admin/calendars/${id}`);
    })
};
