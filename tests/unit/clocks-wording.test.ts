import { describe, expect, it } from 'vitest';
import type { Target } from '#lib/clocks/targets.ts';
import { lengthsOf } from '#lib/clocks/wording.ts';

const HOURS = 60;

describe('the time of a clock', () => {
  it('of a promise in working days is written in working days and hours', () => {
    const { length, spelled } = lengthsOf({ amount: 3, unit: 'working_days' }, 24 * HOURS);
    expect(spelled(24 * HOURS)).toBe('3 working days');
    expect(spelled(65 * HOURS + 45)).toBe('8 working days 2 h');
    expect(length(10 * HOURS)).toBe('1 working day 2 h');
    expect(length(2 * HOURS + 20)).toBe('2 h 20 min');
    expect(spelled(2 * HOURS + 20)).toBe('2 h 20 min of working time');
    expect(length(16 * HOURS - 10)).toBe('2 working days');
  });

  it('is whole working days also where those end on half an hour', () => {
    const { spelled } = lengthsOf({ amount: 3, unit: 'working_days' }, 25.5 * HOURS);
    expect(spelled(25.5 * HOURS)).toBe('3 working days');
    expect(spelled(17 * HOURS - 5)).toBe('1 working day 8 h');
  });

  it('says that hours are working time', () => {
    const { length, spelled } = lengthsOf({ amount: 240, unit: 'working_minutes' }, 240);
    expect([length(90), spelled(3945)]).toEqual(['1 h 30 min', '65 h 45 min of working time']);
  });

  it('of days and dates is written in days', () => {
    const { spelled } = lengthsOf({ amount: 0, unit: 'on_date' }, 510);
    expect(spelled(10 * 24 * HOURS)).toBe('10 days');
  });

  it('is that of the calendar only for days and dates: there what is left is said once', () => {
    const allTime = (unit: Target['unit']) => lengthsOf({ amount: 3, unit }, 480).allTime === true;
    expect(allTime('on_date') && allTime('calendar_days')).toBe(true);
    expect(allTime('working_days') || allTime('working_minutes')).toBe(false);
  });
});
