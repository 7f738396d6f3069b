import ICAL from 'ical.js';

/** A property as the parser has it: name, parameters, type and values, dates as text. */
type Property = [name: string, parameters: Record<string, unknown>, type: string, ...values: unknown[]];

/** What says on which days a holiday is; of other properties, such as when it was entered, nothing depends. */
const DATES = new Set(['dtstart', 'dtend', 'rdate', 'exdate', 'recurrence-id']);

const propertiesOf = (component: ICAL.Component) => (component.jCal as [string, Property[]])[1];

/** Some leave out to say that a date is one. */
export function settleDates(component: ICAL.Component): void {
  for (const property of propertiesOf(component)) {
    const [, , type, value] = property;
    const isBare =
      type === 'date-time' && property.length === 4 && /^\d{4}-\d{2}-\d{2}T::$/.test(String(value));
    if (isBare) property.splice(2, 2, 'date', String(value).slice(0, 10));
  }
}

/**
 * Why the days of an event cannot be said, which names a date that no year has, or a length that is none; null where
 * they can. The parser would take the thirtieth of February for the second of March.
 */
export function problemOfDates(component: ICAL.Component): string | null {
  for (const [name, , type, ...values] of propertiesOf(component)) {
    const broken =
      name === 'duration' ? undefined : datesIn(name, type, values).find((text) => !isDate(text));
    if (broken !== undefined) return `The year has no such date: “${broken.replaceAll(/[-:]/g, '')}”`;
    const length = name === 'duration' ? values.map(String).find((text) => !isLength(text)) : undefined;
    if (length !== undefined) return `It does not say how long it lasts: “${length}”`;
  }
  return null;
}

function datesIn(name: string, type: string, values: unknown[]): string[] {
  if (name === 'rrule')
    return (values as { until?: string }[]).flatMap(({ until }) => (until === undefined ? [] : [until]));
  if (!DATES.has(name)) return [];
  return type === 'period' ? (values as string[][]).map(([from]) => String(from)) : values.map(String);
}

const WRITTEN = /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d):(\d\d)Z?)?$/;

function isDate(text: string): boolean {
  const [, year, month, day, hour = 0, minute = 0, second = 0] = (WRITTEN.exec(text) ?? []).map(Number);
  if (year === undefined || month === undefined || day === undefined) return false;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  const isDay = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  // A leap second is one.
  return isDay && (hour || 0) < 24 && (minute || 0) < 60 && (second || 0) <= 60;
}

function isLength(text: string): boolean {
  try {
    ICAL.Duration.fromString(text);
    return true;
  } catch {
    return false;
  }
}
