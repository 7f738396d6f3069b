/** More days than this since the last contact: urgent. */
export const URGENT_AFTER_DAYS = 90;
/** More days than this since the last contact: warning. */
export const WARNING_AFTER_DAYS = 60;

export const ATTENTION = ['urgent', 'warning', 'fine', 'never'] as const;

/** How much a client needs to hear from us, by the last contact. */
export type Attention = (typeof ATTENTION)[number];

export const ATTENTION_LABELS: Record<Attention, string> = {
  urgent: 'Urgent',
  warning: 'Due soon',
  fine: 'In touch',
  never: 'Never contacted'
};

/** `days` are whole days between two dates in the firm's time zone; null when there never was a contact. */
export function attentionOf(days: number | null): Attention {
  if (days === null) return 'never';
  if (days > URGENT_AFTER_DAYS) return 'urgent';
  return days > WARNING_AFTER_DAYS ? 'warning' : 'fine';
}

const dayNumber = (at: Date, timeZone: string): number => {
  const parts = new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' }).format(at);
  return Date.parse(`${parts}T00:00:00Z`) / 86_400_000;
};

/** Days from the date of `from` to the date of `to`, as calendars in `timeZone` show them. */
export const daysBetween = (from: Date, to: Date, timeZone: string): number =>
  dayNumber(to, timeZone) - dayNumber(from, timeZone);
