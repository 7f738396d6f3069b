/** A date without a time; months from 1. */
export interface Day {
  year: number;
  month: number;
  day: number;
}

/** A rule that repeats by the year, of an iCalendar file. What is empty is left to the day on which it began. */
export interface YearlyRule {
  interval: number;
  count: number | null;
  /** The last day on which it may come. */
  until: Day | null;
  months: number[];
  /** From the end of the month where below 0. */
  monthDays: number[];
  /** Sunday is 0; `nth` of its month, or of its year where there is no month, from the end where below 0. */
  weekdays: { weekday: number; nth: number | null }[];
}

/** Calendar years, both ends included. */
interface YearSpan {
  from: number;
  to: number;
}

const DAY = 86_400_000;
/** Days since 1970. */
export const dayNumber = ({ year, month, day }: Day) => Date.UTC(year, month - 1, day) / DAY;

const weekdayOf = (number: number) => new Date(number * DAY).getUTCDay();
const lengthOf = (year: number, month: number) => new Date(Date.UTC(year, month, 0)).getUTCDate();
const EVERY_MONTH = Array.from({ length: 12 }, (_, n) => n + 1);

/**
 * The days of a rule that began on `start`, as numbers in order, within the years; only those years are looked at,
 * unless it comes a certain number of times. Null where it comes more than `most` times in a year.
 */
export function yearlyDays(rule: YearlyRule, start: Day, span: YearSpan, most: number): number[] | null {
  const [begin, end] = [dayNumber(start), rule.until ? dayNumber(rule.until) : Infinity];
  const days: number[] = [];
  let left = rule.count ?? Infinity;
  for (let year = firstYear(rule, start, span); year <= span.to && left > 0; year += rule.interval) {
    const found = daysOf(rule, start, year);
    if (found.length > most) return null;
    const counted = found.filter((number) => number >= begin && number <= end).slice(0, left);
    left -= counted.length;
    if (year >= span.from) days.push(...counted);
    if (Date.UTC(year, 0, 1) / DAY > end) break;
  }
  return days;
}

function firstYear({ interval, count }: YearlyRule, { year }: Day, { from }: YearSpan): number {
  if (count !== null || year >= from) return year;
  return year + Math.ceil((from - year) / interval) * interval;
}

function daysOf(rule: YearlyRule, start: Day, year: number): number[] {
  const { months, monthDays, weekdays } = rule;
  if (weekdays.length > 0 && months.length === 0 && monthDays.length === 0)
    return weekdaysIn(rule, Date.UTC(year, 0, 1) / DAY, Date.UTC(year + 1, 0, 1) / DAY);
  const within = months.length > 0 ? months : monthDays.length > 0 ? EVERY_MONTH : [start.month];
  const days = within.flatMap((month) => daysOfMonth(rule, start, year, month));
  return [...new Set(days)].sort((a, b) => a - b);
}

function daysOfMonth(rule: YearlyRule, start: Day, year: number, month: number): number[] {
  const length = lengthOf(year, month);
  const first = dayNumber({ year, month, day: 1 });
  if (rule.monthDays.length === 0 && rule.weekdays.length > 0) return weekdaysIn(rule, first, first + length);
  const wanted = rule.monthDays.length > 0 ? rule.monthDays : [start.day];
  const days = wanted.map((day) => (day < 0 ? length + 1 + day : day));
  return days
    .filter((day) => day >= 1 && day <= length)
    .map((day) => first + day - 1)
    .filter((number) => rule.weekdays.length === 0 || isOneOf(rule, number));
}

const isOneOf = ({ weekdays }: YearlyRule, number: number) =>
  weekdays.some(({ weekday }) => weekday === weekdayOf(number));

/** From `first` to before `next`. */
function weekdaysIn({ weekdays }: YearlyRule, first: number, next: number): number[] {
  const days = weekdays.flatMap(({ weekday, nth }) => {
    const all: number[] = [];
    for (let number = first + ((weekday - weekdayOf(first) + 7) % 7); number < next; number += 7)
      all.push(number);
    if (nth === null) return all;
    return all.slice(nth > 0 ? nth - 1 : nth, nth > 0 ? nth : nth + 1 || undefined);
  });
  return [...new Set(days)].sort((a, b) => a - b);
}
