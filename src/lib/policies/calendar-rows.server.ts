import { and, asc, eq, sql } from 'drizzle-orm';
import type { DayWindow, Holiday } from '#lib/clocks/calendar.ts';
import { calendarHolidays, calendars, calendarWindows } from '#lib/clocks/policy-schema.server.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { Conflict, NotFound } from '#lib/platform/errors.ts';
import type { CalendarFields } from './calendar-inputs.ts';
import { WEEKDAYS, writeHours } from './hours.ts';
import { lastChangedBy } from './last-changed.server.ts';
import { windowsOf } from './opening.server.ts';

/** A day with hours of its own, or none. */
export interface SpecialDay {
  on: string;
  name: string;
  /** As they are typed; empty on a holiday. */
  hours: string;
}

export interface CalendarNow extends CalendarFields {
  id: number;
  version: number;
  days: SpecialDay[];
}

interface Read {
  id: number;
  name: string;
  timeZone: string;
  version: number;
}

/** A calendar as its form has it. NotFound where there is none. */
export async function calendarNow(tx: Tx, id: number): Promise<CalendarNow> {
  const [row] = await tx.select().from(calendars).where(eq(calendars.id, id));
  if (!row) throw new NotFound();
  return withHours(tx, row);
}

async function withHours(tx: Tx, row: Read): Promise<CalendarNow> {
  const windows = await tx.select().from(calendarWindows).where(eq(calendarWindows.calendarId, row.id));
  const days = await tx
    .select()
    .from(calendarHolidays)
    .where(eq(calendarHolidays.calendarId, row.id))
    .orderBy(asc(calendarHolidays.onDate));
  const week = WEEKDAYS.map((day, index) => [
    day,
    writeHours(windows.filter(({ weekday }) => weekday === index + 1))
  ]);
  return {
    ...row,
    ...(Object.fromEntries(week) as Record<(typeof WEEKDAYS)[number], string>),
    days: days.map(({ onDate, name, windows: own }) => ({ on: onDate, name, hours: writeHours(own ?? []) }))
  };
}

const AUDITED = ['calendars', 'calendar_windows', 'calendar_holidays'];

/**
 * The calendar, locked until the end of the transaction. Conflict where another version is current: with the week, or
 * with what the calendar says of the day whose form was sent.
 */
export async function lockCalendar(tx: Tx, id: number, version: number, day?: string): Promise<CalendarNow> {
  const [row] = await tx.select().from(calendars).where(eq(calendars.id, id)).for('update');
  if (!row) throw new NotFound();
  const current = await withHours(tx, row);
  if (row.version === version) return current;
  const savedBy = await lastChangedBy(tx, AUDITED, id);
  const { days, ...week } = current;
  const shown = day === undefined ? week : days.find(({ on }) => on === day);
  throw new Conflict(undefined, { current: { ...shown, version: row.version, savedBy } });
}

/** What opens a calendar, with other fields or days than it has. */
export function hoursOf(
  calendar: CalendarFields & { days: SpecialDay[] },
  read: (text: string) => DayWindow[]
) {
  const holidays: Holiday[] = calendar.days.map(({ on, name, hours }) => {
    const windows = read(hours);
    return windows.length > 0 ? { on, name, windows } : { on, name };
  });
  return { name: calendar.name, timeZone: calendar.timeZone, windows: windowsOf(calendar), holidays };
}

/** Every change of hours or days raises the version: opened calendars are remembered by it. */
export async function raiseVersion(tx: Tx, id: number): Promise<number> {
  const [row] = await tx
    .update(calendars)
    .set({ version: sql`${calendars.version} + 1` })
    .where(eq(calendars.id, id))
    .returning({ version: calendars.version });
  if (!row) throw new NotFound();
  return row.version;
}

/** Writes the week anew where it differs. */
export async function writeWeek(tx: Tx, calendarId: number, fields: CalendarFields): Promise<void> {
  await tx.delete(calendarWindows).where(eq(calendarWindows.calendarId, calendarId));
  await tx.insert(calendarWindows).values(windowsOf(fields).map((window) => ({ calendarId, ...window })));
}

export async function deleteDay(tx: Tx, calendarId: number, on: string): Promise<void> {
  const gone = await tx
    .delete(calendarHolidays)
    .where(and(eq(calendarHolidays.calendarId, calendarId), eq(calendarHolidays.onDate, on)))
    .returning({ on: calendarHolidays.onDate });
  if (gone.length === 0) throw new NotFound();
}
