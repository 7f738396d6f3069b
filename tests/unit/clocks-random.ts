import type { CalendarHours, DayWindow } from '#lib/clocks/calendar.ts';

const MINUTE = 60_000;
export const ZONES = ['Asia/Kolkata', 'America/New_York', 'Europe/Athens', 'Australia/Lord_Howe'];
/** A Sunday of each zone's change in 2026 or 2027, so that half of the cases cross one. */
const CHANGES = ['2026-03-08', '2026-11-01', '2026-03-29', '2026-10-25', '2027-04-04', '2026-10-04'];

/** In `npm test` as many as take some seconds; all of them in the drill. */
export const CASES = process.env.RAPPORT_DRILL === 'full' ? 10_000 : 1_500;

export type Random = () => number;

export const whole = (random: Random, below: number) => Math.floor(random() * below);
export const pick = <T>(random: Random, from: readonly T[]) => from[whole(random, from.length)] as T;

const clockTime = (minutes: number) =>
  `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;

function randomWindows(random: Random): DayWindow[] {
  const edges = Array.from({ length: 2 * (1 + whole(random, 3)) }, () => whole(random, 24 * 60 + 1));
  const distinct = [...new Set(edges)].sort((a, b) => a - b);
  const windows: DayWindow[] = [];
  for (let index = 0; index + 1 < distinct.length; index += 2) {
    windows.push({ opens: clockTime(distinct[index] ?? 0), closes: clockTime(distinct[index + 1] ?? 0) });
  }
  return windows;
}

/** A whole minute, often near a change of the clocks. */
export function randomStart(random: Random): number {
  const near = Date.parse(`${pick(random, CHANGES)}T00:00:00Z`) + (whole(random, 6) - 4) * 86_400_000;
  const anywhere = Date.UTC(2025, 0, 1) + whole(random, 1000) * 86_400_000;
  return (random() < 0.5 ? near : anywhere) + whole(random, 1440) * MINUTE;
}

/** Split shifts on some weekdays, with holidays and exceptional days around the start. */
export function randomHours(random: Random, start: number): CalendarHours {
  const windows = [1, 2, 3, 4, 5, 6, 7]
    .filter(() => random() < 0.7)
    .flatMap((weekday) => randomWindows(random).map((window) => ({ weekday, ...window })));
  const days = new Set(Array.from({ length: whole(random, 4) }, () => whole(random, 12) - 2));
  const holidays = [...days].map((day) => ({
    on: new Date(start + day * 86_400_000).toISOString().slice(0, 10),
    name: `Holiday ${day}`,
    ...(random() < 0.3 ? { windows: randomWindows(random) } : {})
  }));
  const fallback = [{ weekday: 3, opens: '09:00', closes: '17:00' }];
  return { timeZone: pick(random, ZONES), windows: windows.length > 0 ? windows : fallback, holidays };
}
