import { eq } from 'drizzle-orm';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { openCalendar, type Calendar } from './calendar.ts';
import { calendarHolidays, calendarWindows } from './policy-schema.server.ts';

/** A calendar at a version; whatever changes its hours or holidays raises the version. */
export interface CalendarRef {
  id: number;
  version: number;
  name: string;
  timeZone: string;
}

const opened = new Map<string, Calendar>();
const REMEMBERED = 200;

/** Opens a calendar, from memory when this version was opened before. */
export async function calendarOf(tx: Tx, ref: CalendarRef): Promise<Calendar> {
  const key = JSON.stringify(ref);
  const known = opened.get(key);
  if (known) return known;
  const calendar = await readCalendar(tx, ref);
  if (opened.size >= REMEMBERED) opened.clear();
  opened.set(key, calendar);
  return calendar;
}

async function readCalendar(tx: Tx, { id, name, timeZone }: CalendarRef): Promise<Calendar> {
  const windows = await tx
    .select({
      weekday: calendarWindows.weekday,
      opens: calendarWindows.opens,
      closes: calendarWindows.closes
    })
    .from(calendarWindows)
    .where(eq(calendarWindows.calendarId, id));
  const holidays = await tx
    .select({
      on: calendarHolidays.onDate,
      name: calendarHolidays.name,
      windows: calendarHolidays.windows
    })
    .from(calendarHolidays)
    .where(eq(calendarHolidays.calendarId, id));
  return openCalendar({
    name,
    timeZone,
    windows,
    holidays: holidays.map((day) => ({ ...day, windows: day.windows ?? [] }))
  });
}
