import { Temporal } from 'temporal-polyfill';

/** How often a schedule runs; `dailyAt` is a local time `HH:MM` in the firm's time zone. */
export type Cadence = 'minute' | 'hour' | { dailyAt: string };

/** More missed days than this are not made up for. */
const MOST_CAUGHT_UP = 31;
const LENGTH = { minute: 60_000, hour: 3_600_000 };

/**
 * When a schedule that last fell due at `since` has fallen due again, up to and including `now`, oldest first.
 * Every missed day counts, since a report is for its own date; missed minutes and hours are one.
 */
export function occurrencesSince(cadence: Cadence, timeZone: string, since: Date, now: Date): Date[] {
  if (typeof cadence === 'string') {
    const latest = Math.floor(now.getTime() / LENGTH[cadence]) * LENGTH[cadence];
    return latest > since.getTime() ? [new Date(latest)] : [];
  }
  const days: Date[] = [];
  for (let day = localDate(since, timeZone); ; day = day.add({ days: 1 })) {
    const due = at(day, cadence.dailyAt, timeZone);
    if (due > now) return days.slice(-MOST_CAUGHT_UP);
    if (due > since) days.push(due);
  }
}

/** When a schedule falls due next after a moment. */
export function nextOccurrence(cadence: Cadence, timeZone: string, after: Date): Date {
  if (typeof cadence === 'string') {
    return new Date((Math.floor(after.getTime() / LENGTH[cadence]) + 1) * LENGTH[cadence]);
  }
  const today = localDate(after, timeZone);
  const due = at(today, cadence.dailyAt, timeZone);
  return due > after ? due : at(today.add({ days: 1 }), cadence.dailyAt, timeZone);
}

/** The firm's date at a moment, `YYYY-MM-DD`. */
export function localDateOf(moment: Date, timeZone: string): string {
  return localDate(moment, timeZone).toString();
}

function localDate(moment: Date, timeZone: string): Temporal.PlainDate {
  return Temporal.Instant.fromEpochMilliseconds(moment.getTime()).toZonedDateTimeISO(timeZone).toPlainDate();
}

/** A time that a change of clocks skips is taken as much later; one that comes twice, the first time. */
function at(day: Temporal.PlainDate, time: string, timeZone: string): Date {
  return new Date(
    day.toZonedDateTime({ timeZone, plainTime: Temporal.PlainTime.from(time) }).epochMilliseconds
  );
}
