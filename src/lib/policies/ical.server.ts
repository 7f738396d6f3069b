import ICAL from 'ical.js';
import { dateInWords } from '#lib/clocks/wording.ts';
import { RuleViolation } from '#lib/platform/errors.ts';
import { MOST_CALENDAR_BYTES } from './calendar-inputs.ts';
import { problemOfDates, settleDates } from './file-dates.server.ts';
import { yearlyRuleOf } from './yearly-rules.server.ts';
import { dayNumber, yearlyDays } from './yearly-days.ts';

/** A whole day that a file names. */
export interface FileDay {
  on: string;
  name: string;
}

/** What a file has that is no holiday of the span, and why. */
export interface SkippedEvent {
  name: string;
  why: string;
}

interface FileDays {
  days: FileDay[];
  skipped: SkippedEvent[];
}

/** Calendar years, both ends included. */
interface YearSpan {
  from: number;
  to: number;
}

const DAY = 86_400_000;
const MOST_EVENTS = 5_000;
/** Of all events together: holidays of three years are a few dozen. */
const MOST_DAYS = 5_000;
const MOST_A_YEAR = 12;
/** Years through which a number of times is counted. */
const LONGEST_COUNT = 100;
/** Longer than any holiday: whoever is away for so long has not entered a holiday. */
const LONGEST_DAYS = 31;

const refuse = (message: string) => new RuleViolation(message, { field: 'file' });

/**
 * The whole days of an iCalendar file within the span, in order, one for each date; yearly events are repeated through
 * it. RuleViolation for a file that is empty, too large, or none.
 */
export function readCalendarFile(text: string, span: YearSpan): FileDays {
  const skipped: SkippedEvent[] = [];
  const days = new Map<string, string>();
  let named = 0;
  for (const { event, moved } of eventsOf(text)) {
    const found = daysOfEvent(event, moved, span);
    if (typeof found === 'string') {
      skipped.push({ name: nameOf(event), why: found });
      continue;
    }
    named += found.length;
    if (named > MOST_DAYS)
      throw refuse(`The file names more than ${MOST_DAYS} days. Export only the holidays`);
    for (const on of found) {
      const known = days.get(on);
      if (known === undefined) days.set(on, nameOf(event));
      else if (known !== nameOf(event))
        skipped.push({ name: nameOf(event), why: `On ${dateInWords(on)} the file has “${known}” already` });
    }
  }
  if (days.size === 0 && skipped.length === 0) throw refuse('The file has no events');
  const ordered = [...days].map(([on, name]) => ({ on, name })).sort((a, b) => a.on.localeCompare(b.on));
  return { days: ordered, skipped };
}

/** An event, with those that replace single occurrences of it. */
interface Repeated {
  event: ICAL.Event;
  moved: ICAL.Component[];
}

function eventsOf(text: string): Repeated[] {
  if (text.trim() === '') throw refuse('The file is empty');
  if (Buffer.byteLength(text) > MOST_CALENDAR_BYTES)
    throw refuse('The file is larger than 300 kB. Export only the holidays, or only some years');
  const components = calendarsIn(text).flatMap((calendar) => calendar.getAllSubcomponents('vevent'));
  if (components.length > MOST_EVENTS) throw refuse(`The file has more than ${MOST_EVENTS} events`);
  for (const component of components) settleDates(component);
  const [moved, own] = [true, false].map((is) =>
    components.filter((one) => one.hasProperty('recurrence-id') === is)
  );
  const movedOf = Map.groupBy(moved ?? [], uid);
  // Left to itself, each event looks through all others for its exceptions.
  return (own ?? []).map((one) => ({
    event: new ICAL.Event(one, { exceptions: [] }),
    moved: movedOf.get(uid(one)) ?? []
  }));
}

const uid = (component: ICAL.Component) => component.getFirstPropertyValue('uid');

function calendarsIn(text: string): ICAL.Component[] {
  if (!/^\uFEFF?\s*BEGIN:VCALENDAR/i.test(text))
    throw refuse('This is not an iCalendar file. Choose a file that ends in .ics');
  try {
    const parsed = ICAL.parse(text.replace(/^\uFEFF?\s*/, '')) as unknown[];
    const roots = typeof parsed[0] === 'string' ? [parsed] : (parsed as unknown[][]);
    return roots.map((root) => new ICAL.Component(root));
  } catch {
    throw refuse('The file is incomplete or damaged. Export it again, and choose the new file');
  }
}

function nameOf(event: ICAL.Event): string {
  const name = (event.summary as string | null)?.replaceAll(/\s+/g, ' ').trim() ?? '';
  return name.slice(0, 100) || 'Holiday';
}

/** The dates of an event within the span, or why it has none. */
function daysOfEvent(event: ICAL.Event, moved: ICAL.Component[], span: YearSpan): string[] | string {
  const { component } = event;
  if (component.getFirstPropertyValue('status') === 'CANCELLED') return 'It is cancelled';
  const problem = [component, ...moved].map(problemOfDates).find((one) => one !== null);
  if (problem) return problem;
  const begin = event.startDate as ICAL.Time | null;
  if (!begin) return 'It has no date';
  const length = wholeDays(event);
  if (length === null) return 'It has a time: only whole days are holidays';
  if (length > LONGEST_DAYS) return `It lasts ${length} days: a holiday has at most ${LONGEST_DAYS}`;
  // What begins at the end of the year before reaches into the first.
  const starts = startsOf(component, begin, moved, { from: span.from - 1, to: span.to });
  if (typeof starts === 'string') return starts;
  const dates = starts.flatMap((start) => run(start, length)).filter((on) => isWithin(on, span));
  if (dates.length > 0) return dates;
  return `It is not within ${span.from} to ${span.to}`;
}

/** How many whole days it has; null where it begins or ends at a time of day. The end is the day after. */
function wholeDays({ startDate, endDate }: ICAL.Event): number | null {
  const end = endDate as ICAL.Time | null;
  if (!isMidnight(startDate) || (end && !isMidnight(end))) return null;
  const days = end ? dayNumber(end) - dayNumber(startDate) : 1;
  // Some write the same day as the end of one whole day; a moment without length is none.
  if (days <= 0) return startDate.isDate ? 1 : null;
  return days;
}

/** A date, or midnight where the event is: some programs write whole days so. */
const isMidnight = (time: ICAL.Time) => time.isDate || (time.hour === 0 && time.minute === 0);

/** On which days it begins, within the years where it repeats, or why it has none. */
function startsOf(
  component: ICAL.Component,
  begin: ICAL.Time,
  moved: ICAL.Component[],
  span: YearSpan
): number[] | string {
  const rules = valuesOf(component, 'rrule') as ICAL.Recur[];
  const starts = new Set(rules.length === 0 ? [dayNumber(begin)] : []);
  for (const recur of rules) {
    const rule = yearlyRuleOf(recur);
    if (typeof rule === 'string') return rule;
    if (rule.count !== null && begin.year < span.from - LONGEST_COUNT)
      return `It is counted from more than ${LONGEST_COUNT} years ago`;
    const days = yearlyDays(rule, begin, span, MOST_A_YEAR);
    if (days === null) return `It comes more than ${MOST_A_YEAR} times a year: put such days into the hours`;
    for (const day of days) starts.add(day);
  }
  for (const day of daysIn(component, 'rdate')) starts.add(day);
  for (const day of daysIn(component, 'exdate')) starts.delete(day);
  for (const one of moved) {
    const was = daysIn(one, 'recurrence-id').some((day) => starts.delete(day));
    if (!was || one.getFirstPropertyValue('status') === 'CANCELLED') continue;
    for (const day of daysIn(one, 'dtstart')) starts.add(day);
  }
  const [first, last] = [
    { year: span.from, month: 1, day: 1 },
    { year: span.to, month: 12, day: 31 }
  ].map(dayNumber);
  return [...starts].filter((day) => day >= (first ?? 0) && day <= (last ?? 0));
}

const valuesOf = (component: ICAL.Component, name: string): unknown[] =>
  component.getAllProperties(name).flatMap((property) => property.getValues() as unknown[]);

const daysIn = (component: ICAL.Component, name: string): number[] =>
  valuesOf(component, name).map((value) =>
    dayNumber(value instanceof ICAL.Period ? value.start : (value as ICAL.Time))
  );

const run = (start: number, length: number): string[] =>
  Array.from({ length }, (_, n) => new Date((start + n) * DAY).toISOString().slice(0, 10));

const isWithin = (on: string, { from, to }: YearSpan) => {
  const year = Number(on.slice(0, 4));
  return year >= from && year <= to;
};
