import { openCalendar, type Holiday, type WeekWindow } from '#lib/clocks/calendar.ts';
import { dateInWords } from '#lib/clocks/wording.ts';
import { nextOpening } from '#lib/clocks/working-time.ts';
import { RuleViolation } from '#lib/platform/errors.ts';
import { WEEKDAYS, readHours } from './hours.ts';
import type { CalendarFields } from './calendar-inputs.ts';

const DAY = 86_400_000;
/** A promise that a year of holidays puts off is none. */
const LONGEST_CLOSURE = 366;
const MOST_DAYS = 2_000;

export const windowsOf = (fields: CalendarFields): WeekWindow[] =>
  WEEKDAYS.flatMap((day, index) =>
    readHours(fields[day]).map((window) => ({ ...window, weekday: index + 1 }))
  );

interface Hours {
  name: string;
  timeZone: string;
  windows: WeekWindow[];
  holidays: Holiday[];
}

/** RuleViolation, at the field, for hours on which no promise can be kept: none at all, or closed for a year on end. */
export function mustOpen(hours: Hours, field: string): void {
  if (hours.windows.length === 0)
    throw new RuleViolation('Give at least one day of the week working hours', { field });
  if (hours.holidays.length > MOST_DAYS)
    throw new RuleViolation(`A calendar has at most ${MOST_DAYS} days of its own. Remove past years first`, {
      field
    });
  const closed = longestClosure(hours);
  if (closed.days >= LONGEST_CLOSURE)
    throw new RuleViolation(
      `With this the calendar would be closed for ${closed.days} days on end from ${dateInWords(closed.from)}. Leave at least one day in a year for work`,
      { field }
    );
  nextOpening(openCalendar(hours), Date.now());
}

function longestClosure({ windows, holidays }: Hours): { days: number; from: string } {
  const longest = { days: 0, from: '' };
  const days = new Map(holidays.map((day) => [Date.parse(day.on) / DAY, (day.windows?.length ?? 0) > 0]));
  const worked = new Set(windows.map(({ weekday }) => weekday));
  const opens = (day: number) => days.get(day) ?? worked.has(((((day + 3) % 7) + 7) % 7) + 1);
  const [first, last] = [Math.min(...days.keys()) - 7, Math.max(...days.keys()) + 7];
  for (let day = first, closed = 0; day <= last; day++) {
    closed = opens(day) ? 0 : closed + 1;
    if (closed > longest.days)
      Object.assign(longest, {
        days: closed,
        from: new Date((day - closed + 1) * DAY).toISOString().slice(0, 10)
      });
  }
  return longest;
}
