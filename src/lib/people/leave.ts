/** The day it is in a zone, as `2026-11-21`. */
const dayIn = (timeZone: string, now: Date) =>
  new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' }).format(now);

/** Whether somebody is on leave on the firm's today, will be, or neither. Both days are included. */
export function leaveState(
  from: string | null,
  to: string | null,
  now: Date,
  timeZone: string
): 'away' | 'planned' | null {
  if (!from || !to) return null;
  const today = dayIn(timeZone, now);
  if (to < today) return null;
  return from <= today ? 'away' : 'planned';
}
