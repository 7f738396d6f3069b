import { z } from 'zod';
import { isTimeZone } from '#lib/settings/zones.ts';
import { problemOfHours } from './hours.ts';

const id = z.int().positive();
const version = z.int().positive();
/** Says what would move, and changes nothing. */
const dryRun = z.boolean().optional();

/** The largest iCalendar file, in bytes: ten years of holidays of a country are a tenth of it. */
export const MOST_CALENDAR_BYTES = 300 * 1024;
const FIRST = '2000-01-01';
const LAST = '2100-12-31';

/** Windows of a day as text: `09:30-13:00, 14:00-18:00`, empty or `closed` for none. */
const hours = z
  .string()
  .trim()
  .max(200)
  .superRefine((text, context) => {
    const problem = problemOfHours(text);
    if (problem) context.addIssue({ code: 'custom', message: problem });
  });

const calendar = {
  name: z.string().trim().min(1, 'Please give it a name').max(80),
  timeZone: z
    .string()
    .trim()
    .refine(isTimeZone, 'This is not a time zone. Choose one from the list, such as Asia/Kolkata'),
  monday: hours,
  tuesday: hours,
  wednesday: hours,
  thursday: hours,
  friday: hours,
  saturday: hours,
  sunday: hours
};

const onDate = z.iso
  .date('Write a date')
  .refine((on) => on >= FIRST && on <= LAST, 'Choose a date between 2000 and 2100');

const day = {
  on: onDate,
  name: z.string().trim().min(1, 'Say what day it is').max(100),
  /** Hours of an exceptional day that is worked; empty on a holiday. */
  hours
};

export const emptyInput = z.strictObject({}).optional();
export const calendarInput = z.strictObject({ id });
export const createCalendarInput = z.strictObject(calendar);
export const updateCalendarInput = z.strictObject({ id, version, ...calendar, dryRun });
export const removeCalendarInput = z.strictObject({ id, version });
export const addDayInput = z.strictObject({ id, version, ...day, dryRun });
export const updateDayInput = z.strictObject({ id, version, was: onDate, ...day, dryRun });
export const removeDayInput = z.strictObject({ id, version, on: onDate, dryRun });
export const readFileInput = z.strictObject({ id, text: z.string() });
export const importDaysInput = z.strictObject({
  id,
  version,
  text: z.string(),
  /** What the file is called, for the history: `banks.ics`. */
  fileName: z.string().trim().max(200).optional(),
  dryRun
});

/** The forms of a calendar's page. */
export const calendarForm = z.strictObject({ version, ...calendar });
export const dayForm = z.strictObject({ version, ...day });

export type CalendarFields = z.output<typeof createCalendarInput>;
export type UpdateCalendarInput = z.output<typeof updateCalendarInput>;
export type AddDayInput = z.output<typeof addDayInput>;
export type UpdateDayInput = z.output<typeof updateDayInput>;
export type RemoveDayInput = z.output<typeof removeDayInput>;
export type ImportDaysInput = z.output<typeof importDaysInput>;
