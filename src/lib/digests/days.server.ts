import { and, asc, desc, eq, gt, inArray, max, sql } from 'drizzle-orm';
import { Temporal } from 'temporal-polyfill';
import { DAY, spansOn, type Calendar } from '#lib/clocks/calendar.ts';
import { calendarOf } from '#lib/clocks/calendars.server.ts';
import { BUSINESS_HOURS } from '#lib/clocks/defaults.server.ts';
import { calendars } from '#lib/clocks/policy-schema.server.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import type { DigestKind } from './model.ts';
import { digests } from './schema.server.ts';

/** The firm's day: its date and time zone. */
export interface Day {
  date: string;
  timeZone: string;
}

/** The calendar the firm began with, else its first. */
async function firmCalendar(tx: Tx): Promise<Calendar | null> {
  const [calendar] = await tx
    .select({
      id: calendars.id,
      version: calendars.version,
      name: calendars.name,
      timeZone: calendars.timeZone
    })
    .from(calendars)
    .orderBy(desc(sql`${calendars.name} = ${BUSINESS_HOURS}`), asc(calendars.id))
    .limit(1);
  return calendar ? calendarOf(tx, calendar) : null;
}

const dayNumber = (date: string) => Date.parse(`${date}T00:00:00Z`) / DAY;
const dateOf = (day: number) => new Date(day * DAY).toISOString().slice(0, 10);

export interface WorkingDays {
  isWorked: (date: string) => boolean;
  /** The last day before this one on which the firm works; yesterday where it hardly ever does. */
  before: (date: string) => string;
}

/** On which dates the firm works, by its calendar: windows, holidays and exceptional days. */
export async function workingDays(tx: Tx): Promise<WorkingDays> {
  const calendar = await firmCalendar(tx);
  const worked = (day: number) => calendar !== null && spansOn(calendar, day).length > 0;
  return {
    isWorked: (date) => worked(dayNumber(date)),
    before(date) {
      const day = dayNumber(date);
      for (let back = 1; back <= 14; back += 1) if (worked(day - back)) return dateOf(day - back);
      return dateOf(day - 1);
    }
  };
}

/** The Monday of a date's week. */
export function mondayOf(date: string): string {
  const day = Temporal.PlainDate.from(date);
  return day.subtract({ days: day.dayOfWeek - 1 }).toString();
}

/** Under which date a digest is kept, of which there is one: its day, or the Monday of its week. */
export const keptOn = (kind: DigestKind, date: string): string => (kind === 'weekly' ? mondayOf(date) : date);

/** A date some days later. */
export const later = (date: string, days: number): string => dateOf(dayNumber(date) + days);

/** The moment a firm date begins. */
export const beginningOf = (date: string, timeZone: string): Date =>
  new Date(Temporal.PlainDate.from(date).toZonedDateTime({ timeZone }).epochMilliseconds);

/** The firm date of a moment. */
export const dateAt = (moment: Date, timeZone: string): string =>
  Temporal.Instant.fromEpochMilliseconds(moment.getTime())
    .toZonedDateTimeISO(timeZone)
    .toPlainDate()
    .toString();

/** Since when a person's next digest tells: his last one of the kind, a week ago at most; else the working day before. */
export async function tellsSince(tx: Tx, userId: number, kind: DigestKind, day: Day): Promise<Date> {
  const told = and(
    eq(digests.userId, userId),
    eq(digests.kind, kind),
    eq(digests.asked, false),
    inArray(digests.state, ['queued', 'skipped'] as const),
    gt(digests.createdAt, sql`now() - interval '7 days'`)
  );
  const [last] = await tx
    .select({ at: max(digests.createdAt) })
    .from(digests)
    .where(told);
  return last?.at ?? beginningOf((await workingDays(tx)).before(day.date), day.timeZone);
}
