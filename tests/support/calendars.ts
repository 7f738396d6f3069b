import type { Actor } from '#lib/platform/auth/permissions.ts';
import { callerFor } from '#lib/platform/trpc/caller.server.ts';

export const USUAL_HOURS = '09:30-18:00';

export const WEEK = {
  timeZone: 'Asia/Kolkata',
  monday: USUAL_HOURS,
  tuesday: USUAL_HOURS,
  wednesday: USUAL_HOURS,
  thursday: USUAL_HOURS,
  friday: USUAL_HOURS,
  saturday: '',
  sunday: ''
};

let made = 0;

/** The form of a calendar whose name nobody took yet. */
export const namedCalendar = (fields: object = {}) => ({ ...WEEK, name: `Calendar ${++made}`, ...fields });

export async function addCalendar(administrator: Actor, fields: object = {}) {
  const { calendars } = callerFor(administrator);
  const { id } = await calendars.create(namedCalendar(fields));
  return calendars.byId({ id });
}
