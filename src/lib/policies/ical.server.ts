import ICAL from 'ical.js';
import { RuleViolation } from '#lib/platform/errors.ts';
import { MOST_CALENDAR_BYTES } from './calendar-inputs.ts';

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

const MOST_EVENTS = 5_000;
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
  for (const event of eventsOf(text)) {
    const found = daysOfEvent(event, span);
    if (typeof found === 'string') skipped.push({ name: nameOf(event), why: found });
    else
      for (const on of found) {
        const known = days.get(on);
        if (known === undefined) days.set(on, nameOf(event));
        else if (known !== nameOf(event))
          skipped.push({ name: nameOf(event), why: `On ${on} the file has “${known}” already` });
      }
  }
  if (days.size === 0 && skipped.length === 0) throw refuse('The file has no events');
  const ordered = [...days].map(([on, name]) => ({ on, name })).sort((a, b) => a.on.localeCompare(b.on));
  return { days: ordered, skipped };
}

function eventsOf(text: string): ICAL.Event[] {
  if (text.trim() === '') throw refuse('The file is empty');
  if (Buffer.byteLength(text) > MOST_CALENDAR_BYTES)
    throw refuse('The file is larger than 300 kB. Export only the holidays, or only some years');
  const components = calendarsIn(text).flatMap((calendar) => calendar.getAllSubcomponents('vevent'));
  if (components.length > MOST_EVENTS) throw refuse(`The file has more than ${MOST_EVENTS} events`);
  const isException = (one: ICAL.Component) => one.hasProperty('recurrence-id');
  const exceptions = components.filter(isException);
  return components
    .filter((one) => !isException(one))
    .map((one) => new ICAL.Event(one, { exceptions: exceptions.filter((other) => uid(other) === uid(one)) }));
}

const uid = (component: ICAL.Component) => component.getFirstPropertyValue('uid');

function calendarsIn(text: string): ICAL.Component[] {
  const none = refuse('This is not an iCalendar file. Choose a file that ends in .ics');
  if (!/^\uFEFF?\s*BEGIN:VCALENDAR/i.test(text)) throw none;
  try {
    const parsed = ICAL.parse(text.replace(/^\uFEFF?\s*/, '')) as unknown[];
    const roots = typeof parsed[0] === 'string' ? [parsed] : (parsed as unknown[][]);
    return roots.map((root) => new ICAL.Component(root));
  } catch {
    throw none;
  }
}

function nameOf(event: ICAL.Event): string {
  const name = (event.summary as string | null)?.replaceAll(/\s+/g, ' ').trim() ?? '';
  return name.slice(0, 100) || 'Holiday';
}

/** The dates of an event within the span, or why it has none. */
function daysOfEvent(event: ICAL.Event, span: YearSpan): string[] | string {
  const { component } = event;
  if (component.getFirstPropertyValue('status') === 'CANCELLED') return 'It is cancelled';
  const begin = event.startDate as ICAL.Time | null;
  if (!begin) return 'It has no date';
  const length = wholeDays(event);
  if (length === null) return 'It has a time: only whole days are holidays';
  if (length > LONGEST_DAYS) return `It lasts ${length} days: a holiday has at most ${LONGEST_DAYS}`;
  const rule = component.getFirstPropertyValue('rrule') as ICAL.Recur | null;
  if (rule && rule.freq !== 'YEARLY')
    return 'It repeats more often than once a year: put days that are off every week into the hours';
  const dates = startsOf(event, span)
    .flatMap((start) => run(start, length))
    .filter((on) => isWithin(on, span));
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

function startsOf(event: ICAL.Event, span: YearSpan): ICAL.Time[] {
  if (!event.isRecurring()) return [event.startDate];
  const starts: ICAL.Time[] = [];
  const all = event.iterator();
  for (let n = 0; n < MOST_EVENTS; n++) {
    const next = all.next() as ICAL.Time | null;
    if (!next || next.year > span.to) break;
    const held = event.getOccurrenceDetails(next);
    if (held.item.component.getFirstPropertyValue('status') !== 'CANCELLED') starts.push(held.startDate);
  }
  return starts;
}

const DAY = 86_400_000;
const dayNumber = ({ year, month, day }: ICAL.Time) => Date.UTC(year, month - 1, day) / DAY;

const run = (start: ICAL.Time, length: number): string[] =>
  Array.from({ length }, (_, n) => new Date((dayNumber(start) + n) * DAY).toISOString().slice(0, 10));

const isWithin = (on: string, { from, to }: YearSpan) => {
  const year = Number(on.slice(0, 4));
  return year >= from && year <= to;
};
