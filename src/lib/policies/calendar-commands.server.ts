import { eq } from 'drizzle-orm';
import { counted } from '#lib/clocks/wording.ts';
import { calendarHolidays, calendars } from '#lib/clocks/policy-schema.server.ts';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import { onConstraint } from '#lib/platform/db/failures.server.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { RuleViolation } from '#lib/platform/errors.ts';
import type {
  AddDayInput,
  CalendarFields,
  ImportDaysInput,
  RemoveDayInput,
  UpdateCalendarInput,
  UpdateDayInput
} from './calendar-inputs.ts';
import {
  calendarNow,
  deleteDay,
  hoursOf,
  lockCalendar,
  raiseVersion,
  writeWeek,
  type SpecialDay
} from './calendar-rows.server.ts';
import { changing, type Changed } from './changing.server.ts';
import { usersOf } from './calendar-reads.server.ts';
import { lockNames, takenBy } from './names.server.ts';
import { daysOfFile } from './file-days.server.ts';
import { readHours, WEEKDAYS } from './hours.ts';
import { mustOpen } from './opening.server.ts';

const NAME_TAKEN = new RuleViolation('There is a calendar of this name already', { field: 'name' });

/** The field at which hours that never open are told: the first of the week. */
const [FIRST_DAY] = WEEKDAYS;

export async function createCalendar(tx: Tx, fields: CalendarFields): Promise<{ id: number }> {
  await lockNames(tx, 'calendars');
  await nameMustBeFree(tx, fields.name);
  mustOpen(hoursOf({ ...fields, days: [] }, readHours), FIRST_DAY);
  const { name, timeZone } = fields;
  const [added] = await tx
    .insert(calendars)
    .values({ name, timeZone })
    .returning({ id: calendars.id })
    .catch((error: unknown) => onConstraint(error, 'calendars_name_unique', NAME_TAKEN));
  if (!added) throw new Error('The calendar was not added');
  await writeWeek(tx, added.id, fields);
  return added;
}

/** Changes name, zone and week. Running clocks follow in the background where the hours are others. */
export function updateCalendar(
  tx: Tx,
  actor: Actor,
  { id, version, dryRun, ...fields }: UpdateCalendarInput
) {
  return changing(tx, actor, dryRun, async (inner): Promise<Changed> => {
    await lockNames(inner, 'calendars');
    const before = await lockCalendar(inner, id, version);
    await nameMustBeFree(inner, fields.name, id);
    mustOpen(hoursOf({ ...fields, days: before.days }, readHours), FIRST_DAY);
    await inner
      .update(calendars)
      .set({ name: fields.name, timeZone: fields.timeZone })
      .where(eq(calendars.id, id))
      .catch((error: unknown) => onConstraint(error, 'calendars_name_unique', NAME_TAKEN));
    await writeWeek(inner, id, fields);
    const same = (field: keyof CalendarFields) => before[field] === fields[field];
    const asBefore = same('timeZone') && WEEKDAYS.every((day) => readsAlike(before[day], fields[day]));
    return after(inner, id, asBefore ? null : 'Changed the hours');
  });
}

async function nameMustBeFree(tx: Tx, name: string, id?: number): Promise<void> {
  const rows = await tx.select({ id: calendars.id, name: calendars.name }).from(calendars);
  if (takenBy(rows, name, id)) throw NAME_TAKEN;
}

const readsAlike = (one: string, other: string) =>
  JSON.stringify(readHours(one)) === JSON.stringify(readHours(other));

/** Removes a calendar that no policy uses and no clock ever ran on. */
export async function removeCalendar(
  tx: Tx,
  { id, version }: { id: number; version: number }
): Promise<void> {
  const { name } = await lockCalendar(tx, id, version);
  const used = await usersOf(tx, id);
  if (used.length > 0) {
    const names = used.map((policy) => `“${policy.name}”`).join(', ');
    throw new RuleViolation(`${name} is used by ${names}. Give them another calendar first`, {
      policies: used
    });
  }
  const kept = new RuleViolation(
    `Clocks ran on ${name}, or earlier versions of policies did, and their figures are explained by it, so it stays`
  );
  await tx
    .delete(calendars)
    .where(eq(calendars.id, id))
    .catch((error: unknown) => onConstraint(error, 'policy_versions_calendar_id_calendars_id_fk', kept))
    .catch((error: unknown) => onConstraint(error, 'clocks_calendar_id_calendars_id_fk', kept));
}

export function addDay(tx: Tx, actor: Actor, { id, version, dryRun, ...day }: AddDayInput) {
  return changing(tx, actor, dryRun, async (inner) => {
    const { days } = await checkDays(inner, { id, version, was: day.on }, day, (all) => [...all, day]);
    mustBeFree(days, day.on);
    await writeDay(inner, id, day);
    return after(inner, id, `Added ${day.name} on ${day.on}`);
  });
}

export function updateDay(tx: Tx, actor: Actor, { id, version, was, dryRun, ...day }: UpdateDayInput) {
  return changing(tx, actor, dryRun, async (inner) => {
    const others = (all: SpecialDay[]) => all.filter(({ on }) => on !== was);
    const { days } = await checkDays(inner, { id, version, was }, day, (all) => [...others(all), day]);
    mustBeFree(others(days), day.on);
    await deleteDay(inner, id, was);
    await writeDay(inner, id, day);
    return after(inner, id, `Changed ${day.name} on ${day.on}`);
  });
}

export function removeDay(tx: Tx, actor: Actor, { id, version, on, dryRun }: RemoveDayInput) {
  return changing(tx, actor, dryRun, async (inner) => {
    await lockCalendar(inner, id, version, on);
    await deleteDay(inner, id, on);
    return after(inner, id, `Removed ${on}`);
  });
}

/** Adds the whole days of an iCalendar file that the calendar does not have yet; what is there stays as it is. */
export function importDays(tx: Tx, actor: Actor, input: ImportDaysInput) {
  const { id, version, text, fileName, dryRun } = input;
  return changing(tx, actor, dryRun, async (inner) => {
    const calendar = await lockCalendar(inner, id, version);
    const { added } = daysOfFile(calendar, text, new Date());
    if (added.length === 0) return { id, version, scope: null };
    const days = added.map((day) => ({ ...day, hours: '' }));
    mustOpen(hoursOf({ ...calendar, days: [...calendar.days, ...days] }, readHours), 'file');
    await inner
      .insert(calendarHolidays)
      .values(added.map(({ on, name }) => ({ calendarId: id, onDate: on, name })));
    return after(inner, id, `Imported ${counted(added.length, 'day')} from ${fileName || 'a file'}`);
  });
}

/** What an import of this file would add, what is there already and what is left out. */
export async function readFile(tx: Tx, { id, text }: { id: number; text: string }) {
  return daysOfFile(await calendarNow(tx, id), text, new Date());
}

async function after(tx: Tx, id: number, what: string | null): Promise<Changed> {
  const version = await raiseVersion(tx, id);
  return { id, version, scope: what === null ? null : { calendarId: id, what } };
}

/** The calendar as it is; RuleViolation where it would not open any more with the days it would have. */
async function checkDays(
  tx: Tx,
  { id, version, was }: { id: number; version: number; was: string },
  day: SpecialDay,
  change: (days: SpecialDay[]) => SpecialDay[]
) {
  const calendar = await lockCalendar(tx, id, version, was);
  const days = change(calendar.days);
  if (new Set(days.map(({ on }) => on)).size === days.length)
    mustOpen(hoursOf({ ...calendar, days }, readHours), day.hours === '' ? 'on' : 'hours');
  return calendar;
}

function mustBeFree(days: SpecialDay[], on: string): void {
  const same = days.find((day) => day.on === on);
  if (same) throw new RuleViolation(`The calendar has this date already: ${same.name}`, { field: 'on' });
}

async function writeDay(tx: Tx, calendarId: number, { on, name, hours }: SpecialDay): Promise<void> {
  const windows = readHours(hours);
  await tx
    .insert(calendarHolidays)
    .values({ calendarId, onDate: on, name, windows: windows.length > 0 ? windows : null });
}
