import { expect, it } from 'vitest';
import { dayLeft, lateInWords } from '#lib/clients/day-left.ts';

it('a date is ahead, today, or overdue by so many days of the calendar', () => {
  expect(dayLeft('2026-11-22', '2026-11-21')).toEqual({ state: 'ahead', late: 0 });
  expect(dayLeft('2026-11-21', '2026-11-21')).toEqual({ state: 'today', late: 0 });
  expect(dayLeft('2026-11-20', '2026-11-21')).toEqual({ state: 'overdue', late: 1 });
  expect(dayLeft('2025-11-21', '2026-11-21')).toEqual({ state: 'overdue', late: 365 });
});

it('how late it is, is said in days', () => {
  expect([lateInWords(1), lateInWords(12)]).toEqual(['1 day overdue', '12 days overdue']);
});
