import { describe, expect, it } from 'vitest';
import { lengthsOf } from '#lib/clocks/wording.ts';
import { reviewDue } from '#lib/reviews/due.ts';

const day = new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Kolkata' });
const at = (wall: string) => new Date(`${wall}+05:30`);
const stands = (plannedOn: string, due: string, now: string) =>
  reviewDue({ plannedOn, dueAt: at(due) }, at(now).getTime(), (moment) => day.format(moment));

describe('how late a portfolio review is', () => {
  it('counts from when its promise is due, not from the holiday it was planned for', () => {
    expect(stands('2026-11-10', '2026-11-11T18:00', '2026-11-22T04:00')).toEqual({
      state: 'overdue',
      late: '10 days',
      movedTo: '2026-11-11'
    });
  });

  it('is not late on the holiday, nor before work closes', () => {
    expect(stands('2026-11-10', '2026-11-11T18:00', '2026-11-10T20:00')).toMatchObject({ state: 'ahead' });
    expect(stands('2026-11-10', '2026-11-11T18:00', '2026-11-11T17:59')).toMatchObject({
      state: 'today',
      late: null
    });
    expect(stands('2026-11-12', '2026-11-12T18:00', '2026-11-12T19:30')).toEqual({
      state: 'overdue',
      late: '1 h 30 min',
      movedTo: null
    });
  });

  it('is the figure of the promise’s panel', () => {
    const panel = lengthsOf({ amount: 0, unit: 'on_date' }, 1).spelled;
    for (const hours of [1, 30, 47, 48, 100, 1000]) {
      const now = new Date(at('2026-11-11T18:00').getTime() + hours * 3_600_000);
      const { late } = reviewDue(
        { plannedOn: '2026-11-10', dueAt: at('2026-11-11T18:00') },
        now.getTime(),
        (moment) => day.format(moment)
      );
      expect(late).toBe(panel(hours * 60));
    }
  });
});
