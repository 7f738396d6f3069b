import { Temporal } from 'temporal-polyfill';
import type { SpecialDay } from './calendar-rows.server.ts';
import { readCalendarFile, type FileDay, type SkippedEvent } from './ical.server.ts';

/** This year and the next two. */
const YEARS_AHEAD = 2;

interface ReadFile {
  added: FileDay[];
  /** Dates that the calendar has, with what they are called there. */
  known: FileDay[];
  skipped: SkippedEvent[];
  from: number;
  to: number;
}

/** What of a file is new to the calendar, from the beginning of this year of its zone on. */
export function daysOfFile(
  { timeZone, days }: { timeZone: string; days: SpecialDay[] },
  text: string,
  now: Date
): ReadFile {
  const { year } = Temporal.Instant.fromEpochMilliseconds(now.getTime()).toZonedDateTimeISO(timeZone);
  const span = { from: year, to: year + YEARS_AHEAD };
  const file = readCalendarFile(text, span);
  const names = new Map(days.map(({ on, name }) => [on, name]));
  return {
    ...span,
    added: file.days.filter(({ on }) => !names.has(on)),
    known: file.days.filter(({ on }) => names.has(on)).map(({ on }) => ({ on, name: names.get(on) ?? '' })),
    skipped: file.skipped
  };
}
