import type ICAL from 'ical.js';
import type { YearlyRule } from './yearly-days.ts';

const WEEKDAYS = ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA'];
const KNOWN = new Set(['BYMONTH', 'BYMONTHDAY', 'BYDAY']);

const NOT_UNDERSTOOD = 'It repeats in a way that is not read: enter its days by hand';

/** How an event of a file repeats by the year, or why that cannot be said. */
export function yearlyRuleOf(recur: ICAL.Recur): YearlyRule | string {
  if (recur.freq !== 'YEARLY')
    return 'It repeats more often than once a year: put days that are off every week into the hours';
  const parts = recur.parts as Partial<Record<string, (string | number)[]>>;
  if (Object.keys(parts).some((name) => !KNOWN.has(name))) return NOT_UNDERSTOOD;
  const months = numbers(parts.BYMONTH, 1, 12);
  const monthDays = numbers(parts.BYMONTHDAY, -31, 31);
  const weekdays = [...new Set(parts.BYDAY ?? [])].map((text) => weekdayOf(String(text)));
  if (!months || !monthDays || weekdays.length > MOST_PARTS) return NOT_UNDERSTOOD;
  const known = weekdays.filter((weekday) => weekday !== null);
  if (known.length < weekdays.length) return NOT_UNDERSTOOD;
  const { interval, count, until } = recur;
  return { interval: Math.max(1, interval), count, until, months, monthDays, weekdays: known };
}

const MOST_PARTS = 60;

function numbers(values: (string | number)[] = [], least: number, most: number): number[] | null {
  const all = [...new Set(values.map(Number))];
  const isOne = (value: number) => Number.isInteger(value) && value !== 0 && value >= least && value <= most;
  return all.every(isOne) ? all : null;
}

/** `MO` is every Monday, `-1MO` the last one. */
function weekdayOf(text: string): YearlyRule['weekdays'][number] | null {
  const [, nth, name = ''] = /^([+-]?\d{1,2})?([A-Z]{2})$/.exec(text) ?? [];
  const weekday = WEEKDAYS.indexOf(name);
  if (weekday < 0 || Number(nth) === 0) return null;
  return { weekday, nth: nth === undefined ? null : Number(nth) };
}
