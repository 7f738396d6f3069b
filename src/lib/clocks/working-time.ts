import { RuleViolation } from '#lib/platform/errors.ts';
import { DAY, MINUTE, spansOn, type Calendar, type Span } from './calendar.ts';

/** Longer than any holiday season: a calendar that is shut for this many days never opens again. */
const LONGEST_CLOSURE = 5 * 366;

/** Where the clock stands after `minutes` of working time (negative: before). Ends at a closing time rather than the next opening. */
export function addWorkingMinutes(calendar: Calendar, from: Date, minutes: number): Date {
  return new Date(addWorkingTime(calendar, from.getTime(), minutes * MINUTE));
}

/** Working minutes from one moment to another, with fractions; negative when `to` lies before `from`. */
export function workingMinutesBetween(calendar: Calendar, from: Date, to: Date): number {
  return workingTimeBetween(calendar, from.getTime(), to.getTime()) / MINUTE;
}

/** As `addWorkingMinutes`, in epoch milliseconds. Throws RuleViolation where the calendar never opens again. */
export function addWorkingTime(calendar: Calendar, from: number, amount: number): number {
  if (amount === 0) return from;
  return amount > 0 ? forward(calendar, from, amount) : backward(calendar, from, -amount);
}

/** As `workingMinutesBetween`, in milliseconds. */
export function workingTimeBetween(calendar: Calendar, from: number, to: number): number {
  if (to < from) return -workingTimeBetween(calendar, to, from);
  let total = 0;
  const last = Math.floor(to / DAY);
  for (let day = Math.floor(from / DAY); day <= last; day++) {
    for (const span of workedOn(calendar, day)) {
      total += Math.max(0, Math.min(span.to, to) - Math.max(span.from, from));
    }
  }
  return total;
}

/** The first worked moment at or after `moment`. */
export function nextOpening(calendar: Calendar, moment: number): number {
  return addWorkingTime(calendar, moment, 1) - 1;
}

/** Worked stretches within a UTC day, in order; exact on days when the clocks change. */
export function workedOn(calendar: Calendar, utcDay: number): Span[] {
  let worked = calendar.worked.get(utcDay);
  if (!worked) {
    worked = findWorked(calendar, utcDay * DAY, (utcDay + 1) * DAY);
    calendar.worked.set(utcDay, worked);
  }
  return worked;
}

function forward(calendar: Calendar, from: number, amount: number): number {
  let left = amount;
  const first = Math.floor(from / DAY);
  for (let day = first, idle = 0; idle < LONGEST_CLOSURE; day++, idle++) {
    for (const span of workedOn(calendar, day)) {
      const start = Math.max(span.from, from);
      if (span.to <= start) continue;
      if (span.to - start >= left) return start + left;
      left -= span.to - start;
      idle = 0;
    }
  }
  throw neverOpens(calendar);
}

function backward(calendar: Calendar, from: number, amount: number): number {
  let left = amount;
  const first = Math.floor(from / DAY);
  for (let day = first, idle = 0; idle < LONGEST_CLOSURE; day--, idle++) {
    for (const span of workedOn(calendar, day).toReversed()) {
      const end = Math.min(span.to, from);
      if (end <= span.from) continue;
      if (end - span.from >= left) return end - left;
      left -= end - span.from;
      idle = 0;
    }
  }
  throw neverOpens(calendar);
}

function neverOpens(calendar: Calendar): RuleViolation {
  return new RuleViolation(`${calendar.name} has no working time for five years on end: check its holidays`);
}

/** Walks the constant-offset periods, so an hour that the zone skips is not worked and one it repeats is worked twice. */
function findWorked(calendar: Calendar, from: number, to: number): Span[] {
  const worked: Span[] = [];
  for (let at = from; at < to;) {
    const period = calendar.zone.periodAt(at);
    const end = Math.min(to, period.to);
    const lastDay = Math.floor((end - 1 + period.offset) / DAY);
    for (let day = Math.floor((at + period.offset) / DAY); day <= lastDay; day++) {
      const midnight = day * DAY - period.offset;
      for (const span of spansOn(calendar, day)) {
        append(worked, Math.max(at, midnight + span.from), Math.min(end, midnight + span.to));
      }
    }
    at = end;
  }
  return worked;
}

function append(worked: Span[], from: number, to: number): void {
  if (to <= from) return;
  const last = worked.at(-1);
  if (last && last.to === from) last.to = to;
  else worked.push({ from, to });
}
