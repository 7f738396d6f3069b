import { describe, expect, test } from 'vitest';
import { yearlyDays, type Day, type YearlyRule } from '#lib/policies/yearly-days.ts';

const rule = (more: Partial<YearlyRule> = {}): YearlyRule => ({
  ...{ interval: 1, count: null, until: null, months: [], monthDays: [], weekdays: [] },
  ...more
});
const on = (text: string): Day => {
  const [year = 0, month = 0, day = 0] = text.split('-').map(Number);
  return { year, month, day };
};
const days = (of: Partial<YearlyRule>, start: string, from = 2026, to = 2028, most = 12) =>
  yearlyDays(rule(of), on(start), { from, to }, most)?.map((number) =>
    new Date(number * 86_400_000).toISOString().slice(0, 10)
  ) ?? null;

describe('the days of a yearly rule', () => {
  test('are its own day in every year, however long ago it began', () => {
    expect(days({}, '1950-01-26')).toEqual(['2026-01-26', '2027-01-26', '2028-01-26']);
    expect(days({}, '2027-10-02')).toEqual(['2027-10-02', '2028-10-02']);
    expect(days({ interval: 2 }, '1951-08-15', 2026, 2030)).toEqual(['2027-08-15', '2029-08-15']);
  });

  test('leave out days that a year does not have', () => {
    expect(days({}, '2024-02-29', 2026, 2029)).toEqual(['2028-02-29']);
    expect(days({ months: [2], monthDays: [30] }, '2020-01-01')).toEqual([]);
    expect(days({ months: [2], monthDays: [-1] }, '2020-01-01')).toEqual([
      '2026-02-28',
      '2027-02-28',
      '2028-02-29'
    ]);
  });

  test('end by number or by date', () => {
    expect(days({ count: 3 }, '2024-05-01')).toEqual(['2026-05-01']);
    expect(days({ count: 2 }, '2024-05-01')).toEqual([]);
    expect(days({ until: on('2027-05-01') }, '2024-05-01')).toEqual(['2026-05-01', '2027-05-01']);
    expect(days({ until: on('2027-04-30') }, '2024-05-01')).toEqual(['2026-05-01']);
  });

  test('are weekdays of a month or of the year, from either end', () => {
    const thanksgiving = { months: [11], weekdays: [{ weekday: 4, nth: 4 }] };
    expect(days(thanksgiving, '2020-11-26', 2026, 2027)).toEqual(['2026-11-26', '2027-11-25']);
    const lastMonday = { months: [5], weekdays: [{ weekday: 1, nth: -1 }] };
    expect(days(lastMonday, '2020-05-25', 2026, 2027)).toEqual(['2026-05-25', '2027-05-31']);
    expect(days({ weekdays: [{ weekday: 1, nth: 1 }] }, '2020-01-06', 2026, 2027)).toEqual([
      '2026-01-05',
      '2027-01-04'
    ]);
    const friday13 = { months: [3], monthDays: [13], weekdays: [{ weekday: 5, nth: null }] };
    expect(days(friday13, '2020-03-13', 2026, 2027)).toEqual(['2026-03-13']);
  });

  test('are none where they come more than so often a year', () => {
    const weekly = { weekdays: [{ weekday: 1, nth: null }] };
    expect(days(weekly, '2020-01-06')).toBeNull();
    expect(days({ monthDays: [1] }, '2020-01-01', 2026, 2026)).toHaveLength(12);
    expect(days({ monthDays: [1, 2] }, '2020-01-01')).toBeNull();
  });
});
