import type { CalendarHours, DayWindow } from '#lib/clocks/calendar.ts';

const QUARTER = 15 * 60_000;
const MINUTE = 60_000;

/** Numbers in [0, 1) from a seed (mulberry32), so that a failing case can be run again. */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

interface WallTime {
  date: string;
  weekday: number;
  minute: number;
}

/** Reads wall times from the platform's Intl, which shares no code with the Temporal polyfill. */
export function wallClock(timeZone: string): (moment: number) => WallTime {
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit'
  });
  const quarters = new Map<number, WallTime>();
  return (moment) => {
    const quarter = Math.floor(moment / QUARTER);
    let wall = quarters.get(quarter);
    if (!wall) quarters.set(quarter, (wall = readWall(format, quarter * QUARTER)));
    return { ...wall, minute: wall.minute + Math.floor((moment - quarter * QUARTER) / MINUTE) };
  };
}

function readWall(format: Intl.DateTimeFormat, moment: number): WallTime {
  const parts = new Map(format.formatToParts(moment).map(({ type, value }) => [type, value]));
  const weekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
  return {
    date: `${parts.get('year')}-${parts.get('month')}-${parts.get('day')}`,
    weekday: weekdays.indexOf(parts.get('weekday') ?? '') + 1,
    minute: Number(parts.get('hour')) * 60 + Number(parts.get('minute'))
  };
}

/** Looks at one minute after the other whether it is worked: the definition that the fast arithmetic is checked against. */
export function workedMinutes(
  hours: CalendarHours,
  wall: (moment: number) => WallTime,
  from: number,
  to: number
): Uint8Array {
  const windows = new Map<string, [number, number][]>();
  const worked = new Uint8Array((to - from) / MINUTE);
  for (let index = 0; index < worked.length; index++) {
    const { date, weekday, minute } = wall(from + index * MINUTE);
    let open = windows.get(date);
    if (!open) windows.set(date, (open = windowsOn(hours, date, weekday)));
    if (open.some(([opens, closes]) => opens <= minute && minute < closes)) worked[index] = 1;
  }
  return worked;
}

function windowsOn(hours: CalendarHours, date: string, weekday: number): [number, number][] {
  const special = hours.holidays.find((holiday) => holiday.on === date);
  const windows: DayWindow[] = special
    ? (special.windows ?? [])
    : hours.windows.filter((window) => window.weekday === weekday);
  return windows.map(({ opens, closes }) => [toMinutes(opens), toMinutes(closes)]);
}

function toMinutes(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));
}
