import { Temporal } from 'temporal-polyfill';
import { RuleViolation } from '#lib/platform/errors.ts';
import { DAY, localDay, MINUTE, type Calendar } from './calendar.ts';
import type { TargetUnit } from './model.ts';
import { addWorkingTime, nextOpening, workingTimeBetween } from './working-time.ts';

/** A promise's length, such as 3 working days; for `on_date` the days of grace after the date. */
export interface Target {
  amount: number;
  unit: TargetUnit;
}

/** How a clock counts: working time on the calendar, or plain time for calendar days and dates. Milliseconds. */
export interface Measure {
  add(from: number, amount: number): number;
  between(from: number, to: number): number;
}

const YEAR = 366;
/** Minutes of a working day as people count it. */
const WORKING_DAY = 8 * 60;

/** A year: what is promised for later is no promise that anybody would keep in mind. */
const LONGEST = {
  working_minutes: YEAR * WORKING_DAY,
  working_days: YEAR,
  calendar_days: YEAR,
  on_date: YEAR
} as const;

/** Throws RuleViolation for a target of no time (days of grace may be none) and for one of over a year. */
export function checkTarget({ amount, unit }: Target): void {
  const least = unit === 'on_date' ? 0 : 1;
  if (!Number.isInteger(amount) || amount < least) {
    throw new RuleViolation(
      least === 0 ? 'Days of grace are a whole number, or none' : 'A target is a whole number above zero'
    );
  }
  if (amount > LONGEST[unit]) throw new RuleViolation('At most a year: 366 days, or 2,928 working hours');
}

/** Nights and holidays count too. */
export const countsEveryHour = ({ unit }: Pick<Target, 'unit'>) =>
  unit === 'calendar_days' || unit === 'on_date';

export function measureOf(calendar: Calendar, unit: TargetUnit): Measure {
  if (countsEveryHour({ unit })) {
    return { add: (from, amount) => from + amount, between: (from, to) => to - from };
  }
  return {
    add: (from, amount) => addWorkingTime(calendar, from, amount),
    between: (from, to) => workingTimeBetween(calendar, from, to)
  };
}

/** When a promise of a length, made at `from`, falls due if nothing pauses it. */
export function dueAfter(calendar: Calendar, from: Date, { amount, unit }: Target): Date {
  if (unit === 'working_days') return addWorkingDays(calendar, from, amount);
  if (unit === 'calendar_days') return addCalendarDays(calendar, from, amount);
  return new Date(addWorkingTime(calendar, from.getTime(), amount * MINUTE));
}

/** When work closes on the local date `YYYY-MM-DD`, `grace` days later; of a closed day, on the next worked one. */
export function dueOnDate(calendar: Calendar, onDate: string, grace: number): Date {
  const day = Date.parse(`${onDate}T00:00:00Z`) / DAY + grace;
  const worked = localDay(calendar, nextOpening(calendar, startOfDay(calendar, day)));
  return new Date(closingOf(calendar, worked));
}

/**
 * The same wall time so many working days later. What comes outside working hours starts at the next opening; a wall time
 * at which the last day is not worked moves on to its next worked moment, or back to its closing time. An opening is
 * the closing before it, so what comes overnight has whole days: a day from Saturday on ends on Monday evening.
 */
export function addWorkingDays(calendar: Calendar, from: Date, days: number): Date {
  const start = nextOpening(calendar, from.getTime());
  let day = localDay(calendar, start);
  for (let left = days; left > 0; left--) {
    day = localDay(calendar, nextOpening(calendar, startOfDay(calendar, day + 1)));
  }
  const end = withinHours(calendar, day, toZoned(calendar, start).toPlainTime());
  return new Date(addWorkingTime(calendar, start, workingTimeBetween(calendar, start, end)));
}

/** The same wall time so many days later, whatever those days are. */
export function addCalendarDays(calendar: Calendar, from: Date, days: number): Date {
  return new Date(toZoned(calendar, from.getTime()).add({ days }).epochMilliseconds);
}

export function toZoned(calendar: Calendar, moment: number): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(moment).toZonedDateTimeISO(calendar.zone.name);
}

/** Local midnight at the start of a local day. */
export function startOfDay(calendar: Calendar, day: number): number {
  return toPlainDate(day).toZonedDateTime(calendar.zone.name).epochMilliseconds;
}

export function toPlainDate(day: number): Temporal.PlainDate {
  return Temporal.PlainDate.from('1970-01-01').add({ days: day });
}

/** The end of the last worked moment before the next midnight. */
function closingOf(calendar: Calendar, day: number): number {
  return addWorkingTime(calendar, startOfDay(calendar, day + 1), -1) + 1;
}

function withinHours(calendar: Calendar, day: number, wall: Temporal.PlainTime): number {
  const wanted = toPlainDate(day).toZonedDateTime({ timeZone: calendar.zone.name, plainTime: wall });
  const opening = nextOpening(calendar, wanted.epochMilliseconds);
  return opening < startOfDay(calendar, day + 1) ? opening : closingOf(calendar, day);
}
