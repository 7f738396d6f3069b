import { Temporal } from 'temporal-polyfill';

/** Writes moments in the reader's zone: `Fri, 20 Nov, 14:00`. */
export function writesMoments(timeZone: string, locale = 'en-IN'): (moment: string) => string {
  const format = new Intl.DateTimeFormat(locale, {
    timeZone,
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23'
  });
  return (moment) => format.format(new Date(moment));
}

const MONTH = new Intl.DateTimeFormat('en-US', { timeZone: 'UTC', month: 'short' });

/** A date without a time, the same for every reader: `12 Nov`. */
export function writeDay(date: string): string {
  const { year, month, day } = Temporal.PlainDate.from(date);
  return `${day} ${MONTH.format(new Date(Date.UTC(year, month - 1, day)))}`;
}

/** Days from one date to another; negative into the past. */
export const daysBetween = (from: string, to: string): number =>
  Temporal.PlainDate.from(from).until(Temporal.PlainDate.from(to)).days;
