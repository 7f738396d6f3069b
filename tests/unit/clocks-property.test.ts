import { describe, expect, it } from 'vitest';
import { openCalendar } from '#lib/clocks/calendar.ts';
import { explainInterval } from '#lib/clocks/explain.ts';
import { addWorkingMinutes, workingMinutesBetween } from '#lib/clocks/working-time.ts';
import { seededRandom, wallClock, workedMinutes } from './clocks-brute-force.ts';
import { CASES, randomHours, randomStart, whole, ZONES } from './clocks-random.ts';

const MINUTE = 60_000;
const sum = (lengths: number[]) => lengths.reduce((all, each) => all + each, 0);

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

      const worked = workedMinutes(hours, wall, start, end);
      const counted = sum([...worked]);
      const [from, to] = [new Date(start), new Date(end)];
      expect(workingMinutesBetween(calendar, from, to), `seed ${seed}`).toBe(counted);

      const stretches = explainInterval(calendar, from, to);
      const lengths = stretches.map((each) => each.to.getTime() - each.from.getTime());
      const explained = sum(lengths.filter((_, index) => stretches[index]?.kind === 'working'));
      expect(explained / MINUTE, `explained, seed ${seed}`).toBe(counted);
      expect(sum(lengths), `without gaps, seed ${seed}`).toBe(end - start);

      if (counted > 0) {
        const reached = addWorkingMinutes(calendar, from, counted);
        expect(reached.getTime(), `not later than the interval, seed ${seed}`).toBeLessThanOrEqual(end);
        const rest = worked.slice((reached.getTime() - start) / MINUTE);
        expect(sum([...rest]), `nothing left, seed ${seed}`).toBe(0);
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
