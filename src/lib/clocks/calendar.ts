import { RuleViolation } from '#lib/platform/errors.ts';
import { zoneNamed, type Zone } from './zone.ts';

export const MINUTE = 60_000;
export const DAY = 86_400_000;

/** Local wall times `HH:MM`; a window may close at `24:00`. */
export interface DayWindow {
  opens: string;
  closes: string;
}

/** Monday is 1, Sunday 7 (ISO). */
export interface WeekWindow extends DayWindow {
  weekday: number;
}

/** A local date `YYYY-MM-DD`. With `windows` it is an exceptional day worked in those hours. */
export interface Holiday {
  on: string;
  name: string;
  windows?: DayWindow[];
}

/** What an administrator enters. */
export interface CalendarHours {
  name?: string;
  timeZone: string;
  windows: WeekWindow[];
  holidays: Holiday[];
}

/** A window in milliseconds after local midnight. */
export interface Span {
  from: number;
  to: number;
}

export interface SpecialDay {
  name: string;
  spans: Span[];
}

/** Checked hours, ready for arithmetic. A minute is worked when the wall clock in the zone shows a time inside a window of its local date. */
export interface Calendar {
  name: string;
  zone: Zone;
  /** Seven lists, Monday first. */
  week: Span[][];
  /** By local day number (days since 1970-01-01). */
  special: Map<number, SpecialDay>;
  /** Worked stretches by UTC day number, filled as they are asked for. */
  worked: Map<number, Span[]>;
}

/** Throws RuleViolation for unknown zones, no hours, overlapping windows and malformed dates. */
export function openCalendar(hours: CalendarHours): Calendar {
  const name = hours.name ?? 'Calendar';
  const week = [1, 2, 3, 4, 5, 6, 7].map((weekday) =>
    readWindows(
      hours.windows.filter((window) => window.weekday === weekday),
      `${name}, ${weekdayName(weekday)}`
    )
  );
  if (hours.windows.some(({ weekday }) => !Number.isInteger(weekday) || weekday < 1 || weekday > 7)) {
    throw new RuleViolation(`${name}: a weekday is a number from 1 (Monday) to 7 (Sunday)`);
  }
  if (week.every((spans) => spans.length === 0)) {
    throw new RuleViolation(`${name} has no working hours: add at least one window in the week`);
  }
  return {
    name,
    zone: readZone(name, hours.timeZone),
    week,
    special: readHolidays(name, hours.holidays),
    worked: new Map()
  };
}

/** ISO weekday of a local day number. */
export function weekdayOf(day: number): number {
  return ((((day + 3) % 7) + 7) % 7) + 1;
}

/** The windows of a local day: those of a special day where there is one, else the week's. */
export function spansOn(calendar: Calendar, day: number): Span[] {
  return calendar.special.get(day)?.spans ?? calendar.week[weekdayOf(day) - 1] ?? [];
}

/** The local day number of a moment in the calendar's zone. */
export function localDay(calendar: Calendar, moment: number): number {
  return Math.floor((moment + calendar.zone.periodAt(moment).offset) / DAY);
}

function readZone(name: string, timeZone: string): Zone {
  try {
    return zoneNamed(timeZone);
  } catch {
    throw new RuleViolation(`${name}: "${timeZone}" is not a time zone; use a name such as Asia/Kolkata`);
  }
}

function readHolidays(name: string, holidays: Holiday[]): Map<number, SpecialDay> {
  const special = new Map<number, SpecialDay>();
  for (const holiday of holidays) {
    const day = readDate(name, holiday.on);
    if (special.has(day)) throw new RuleViolation(`${name}: ${holiday.on} is listed twice`);
    const spans = readWindows(holiday.windows ?? [], `${name}, ${holiday.on}`);
    special.set(day, { name: holiday.name, spans });
  }
  return special;
}

function readDate(name: string, on: string): number {
  const midnight = Date.parse(`${on}T00:00:00Z`);
  const exact = Number.isFinite(midnight) && new Date(midnight).toISOString().startsWith(on);
  if (!/^\d{4}-\d\d-\d\d$/.test(on) || !exact) {
    throw new RuleViolation(`${name}: "${on}" is not a date; write it as YYYY-MM-DD`);
  }
  return midnight / DAY;
}

function readWindows(windows: DayWindow[], where: string): Span[] {
  const spans = windows
    .map(({ opens, closes }) => ({ from: readTime(opens, where), to: readTime(closes, where) }))
    .sort((a, b) => a.from - b.from);
  for (const [index, span] of spans.entries()) {
    if (span.from >= span.to) throw new RuleViolation(`${where}: a window must close after it opens`);
    const before = spans[index - 1];
    if (before && before.to > span.from) throw new RuleViolation(`${where}: two windows overlap`);
  }
  return spans;
}

function readTime(time: string, where: string): number {
  const match = /^(\d\d):(\d\d)(?::00)?$/.exec(time);
  const minutes = match ? Number(match[1]) * 60 + Number(match[2]) : NaN;
  if (!match || Number(match[2]) > 59 || minutes > 24 * 60) {
    throw new RuleViolation(`${where}: "${time}" is not a time; write it as HH:MM`);
  }
  return minutes * MINUTE;
}

function weekdayName(weekday: number): string {
  return ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'][weekday - 1] ?? '';
}
