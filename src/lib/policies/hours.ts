import type { DayWindow } from '#lib/clocks/calendar.ts';

/** Monday first, as ISO counts them from 1. */
export const WEEKDAYS = [
  'monday',
  'tuesday',
  'wednesday',
  'thursday',
  'friday',
  'saturday',
  'sunday'
] as const;
export type Weekday = (typeof WEEKDAYS)[number];

const TIME = String.raw`(\d{1,2})(?:[:.](\d\d))?\s*(am|pm)?`;
const WINDOW = new RegExp(String.raw`^${TIME}\s*(?:-|–|—|to|until)\s*${TIME}$`, 'i');
const MIDNIGHT = 24 * 60;

type Span = [from: number, to: number];

function minutesOf(hours: string, minutes = '0', half?: string): number | null {
  const hour = Number(hours);
  if (Number(minutes) > 59 || (half && (hour < 1 || hour > 12))) return null;
  const base = half ? (hour % 12) + (half.toLowerCase() === 'pm' ? 12 : 0) : hour;
  const total = base * 60 + Number(minutes);
  return total <= MIDNIGHT ? total : null;
}

const two = (value: number) => String(value).padStart(2, '0');
const wall = (minutes: number) => `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
const inWords = ([from, to]: Span) => `${wall(from)}–${wall(to)}`;

function spanOf(part: string): Span | string {
  const match = WINDOW.exec(part);
  const [from, to] = match
    ? [minutesOf(match[1] ?? '', match[2], match[3]), minutesOf(match[4] ?? '', match[5], match[6])]
    : [null, null];
  if (from === null || to === null) return `“${part}” is no time. Write it like 09:30-13:00`;
  if (from === to) return `${inWords([from, to])} is no time at all`;
  if (from > to)
    return `${inWords([from, to])} closes before it opens. What goes past midnight ends here at 24:00 and begins the next day at 00:00`;
  return [from, to];
}

function spansOf(text: string): { spans: Span[]; problem?: string } {
  const spans: Span[] = [];
  for (const part of text
    .split(/[,;\n]|\band\b/)
    .map((each) => each.trim())
    .filter(Boolean)) {
    const span = /^closed$/i.test(part) ? null : spanOf(part);
    if (typeof span === 'string') return { spans, problem: span };
    if (span) spans.push(span);
  }
  spans.sort((a, b) => a[0] - b[0]);
  const clash = spans.findIndex((span, n) => n > 0 && (spans[n - 1]?.[1] ?? 0) > span[0]);
  if (clash > 0)
    return {
      spans,
      problem: `${inWords(spans[clash - 1] as Span)} and ${inWords(spans[clash] as Span)} overlap`
    };
  return { spans };
}

/** What is wrong with hours as somebody typed them, such as `09:30-13:00, 14:00-18:00`; undefined when nothing is. */
export const problemOfHours = (text: string): string | undefined => spansOf(text).problem;

/** The windows of a day as they were typed; nothing and `closed` mean that it is not worked. */
export const readHours = (text: string): DayWindow[] =>
  spansOf(text).spans.map(([from, to]) => ({ opens: wall(from), closes: wall(to) }));

/** Windows as they are typed: `09:30-13:00, 14:00-18:00`; empty for a day that is not worked. */
export const writeHours = (windows: readonly DayWindow[]): string =>
  windows
    .map(({ opens, closes }) => `${opens.slice(0, 5)}-${closes.slice(0, 5)}`)
    .sort()
    .join(', ');
