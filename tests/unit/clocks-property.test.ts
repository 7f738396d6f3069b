import { describe, expect, it } from 'vitest';
import { openCalendar, type CalendarHours, type DayWindow } from '#lib/clocks/calendar.ts';
import { explainInterval } from '#lib/clocks/explain.ts';
import { addWorkingMinutes, workingMinutesBetween } from '#lib/clocks/working-time.ts';
import { countWorkedMinutes, seededRandom, wallClock } from './clocks-brute-force.ts';

const MINUTE = 60_000;
const ZONES = ['Asia/Kolkata', 'America/New_York', 'Europe/Athens', 'Australia/Lord_Howe'];
/** A Sunday of each zone's change in 2026 or 2027, so that half of the cases cross one. */
const CHANGES = ['2026-03-08', '2026-11-01', '2026-03-29', '2026-10-25', '2027-04-04', '2026-10-04'];
const CASES = process.env.RAPPORT_DRILL === 'full' ? 10_000 : 400;

type Random = () => number;

const whole = (random: Random, below: number) => Math.floor(random() * below);
const pick = <T>(random: Random, from: T[]) => from[whole(random, from.length)] as T;
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

function randomStart(random: Random): number {
  const near = Date.parse(`${pick(random, CHANGES)}T00:00:00Z`) + (whole(random, 6) - 4) * 86_400_000;
  const anywhere = Date.UTC(2025, 0, 1) + whole(random, 1000) * 86_400_000;
  return (random() < 0.5 ? near : anywhere) + whole(random, 1440) * MINUTE;
}

function randomHours(random: Random, start: number): CalendarHours {
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

describe('working time', () => {
  it(`agrees with counting minute by minute, in ${CASES} random calendars`, { timeout: 600_000 }, () => {
    const clocks = new Map(ZONES.map((zone) => [zone, wallClock(zone)]));
    for (let seed = 1; seed <= CASES; seed++) {
      const random = seededRandom(seed);
      const start = randomStart(random);
      const hours = randomHours(random, start);
      const end = start + whole(random, 9 * 1440) * MINUTE;
      const wall = clocks.get(hours.timeZone) ?? wallClock(hours.timeZone);
      const calendar = openCalendar(hours);

      const counted = countWorkedMinutes(hours, wall, start, end);
      const [from, to] = [new Date(start), new Date(end)];
      expect(workingMinutesBetween(calendar, from, to), `seed ${seed}`).toBe(counted);

      const stretches = explainInterval(calendar, from, to);
      const working = stretches.filter((stretch) => stretch.kind === 'working');
      const explained = working.reduce((sum, each) => sum + each.to.getTime() - each.from.getTime(), 0);
      expect(explained / MINUTE, `explained, seed ${seed}`).toBe(counted);
      const length = stretches.reduce((sum, each) => sum + each.to.getTime() - each.from.getTime(), 0);
      expect(length, `without gaps, seed ${seed}`).toBe(end - start);

      if (counted > 0) {
        const reached = addWorkingMinutes(calendar, from, counted);
        expect(reached.getTime(), `not later than the interval, seed ${seed}`).toBeLessThanOrEqual(end);
        expect(countWorkedMinutes(hours, wall, reached.getTime(), end), `seed ${seed}`).toBe(0);
      }
    }
  });

  it('adds and subtracts as inverses, to the millisecond', () => {
    for (let seed = 1; seed <= CASES; seed++) {
      const random = seededRandom(seed * 7919);
      const start = randomStart(random) + whole(random, MINUTE);
      const calendar = openCalendar(randomHours(random, start));
      const minutes = 1 + whole(random, 5000);

      const later = addWorkingMinutes(calendar, new Date(start), minutes);
      expect(workingMinutesBetween(calendar, new Date(start), later), `seed ${seed}`).toBeCloseTo(minutes, 8);
      const earlier = addWorkingMinutes(calendar, new Date(start), -minutes);
      expect(workingMinutesBetween(calendar, earlier, new Date(start)), `seed ${seed}`).toBeCloseTo(
        minutes,
        8
      );

      const back = addWorkingMinutes(calendar, later, -minutes);
      expect(workingMinutesBetween(calendar, new Date(start), back), `back, seed ${seed}`).toBeCloseTo(0, 8);
      expect(addWorkingMinutes(calendar, back, minutes).getTime(), `again, seed ${seed}`).toBe(
        later.getTime()
      );
    }
  });
});
