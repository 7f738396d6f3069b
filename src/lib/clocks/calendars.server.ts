import { and, eq } from 'drizzle-orm';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { openCalendar, type Calendar } from './calendar.ts';
import { calendarHolidays, calendarVersions, calendarWindows } from './policy-schema.server.ts';

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
export const calendarOf = (tx: Tx, ref: CalendarRef): Promise<Calendar> =>
  remembered(ref, () => readCalendar(tx, ref));

/** Opens a calendar as it was at a version that is kept. */
export const calendarAsItWas = (tx: Tx, ref: CalendarRef): Promise<Calendar> =>
  remembered(ref, () => readVersion(tx, ref));

async function remembered(ref: CalendarRef, read: () => Promise<Calendar>): Promise<Calendar> {
  const key = JSON.stringify([ref.id, ref.version, ref.name, ref.timeZone]);
  const known = opened.get(key);
  if (known) return known;
  const calendar = await read();
  if (opened.size >= REMEMBERED) opened.clear();
  opened.set(key, calendar);
  return calendar;
}

async function readVersion(tx: Tx, { id, version, name, timeZone }: CalendarRef): Promise<Calendar> {
  const [kept] = await tx
    .select({ windows: calendarVersions.windows, holidays: calendarVersions.holidays })
    .from(calendarVersions)
    .where(and(eq(calendarVersions.calendarId, id), eq(calendarVersions.version, version)));
  if (!kept) throw new Error(`Version ${version} of calendar ${id} was not kept`);
  return openCalendar({ name, timeZone, ...kept });
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
