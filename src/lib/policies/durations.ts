import { plural } from '#lib/ui/format.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** `2 days 3 hours`, `45 minutes`: a stretch of time in its two largest units. Milliseconds. */
export function lengthInWords(length: number): string {
  const days = Math.floor(length / DAY);
  const hours = Math.floor((length % DAY) / HOUR);
  const minutes = Math.round((length % HOUR) / MINUTE);
  const parts = [
    days > 0 && plural(days, 'day'),
    hours > 0 && plural(hours, 'hour'),
    days === 0 && minutes > 0 && plural(minutes, 'minute')
  ].filter((part) => part !== false);
  return parts.slice(0, 2).join(' ') || 'under a minute';
}
