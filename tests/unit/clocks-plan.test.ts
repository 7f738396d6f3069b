import { describe, expect, it } from 'vitest';
import { openCalendar } from '#lib/clocks/calendar.ts';
import { clockUse, planClock, type ClockTerms, type Segment } from '#lib/clocks/plan.ts';
import type { StepTiming } from '#lib/clocks/step-times.ts';

const calendar = openCalendar({
  timeZone: 'Asia/Kolkata',
  windows: [1, 2, 3, 4, 5].map((weekday) => ({ weekday, opens: '09:00', closes: '17:00' })),
  holidays: []
});
const at = (wall: string) => new Date(`2026-11-${wall}+05:30`);
const terms: ClockTerms = {
  calendar,
  target: { amount: 480, unit: 'working_minutes' },
  startedAt: at('23T09:00'),
  onDate: null,
  pausesClient: true,
  pausesThirdParty: false,
  workingHoursOnly: false
};
const never = { atPercent: null, afterBreachMinutes: null, daysBefore: null };
const steps: StepTiming[] = [
  { ...never, key: 'warning', atPercent: 75 },
  { ...never, key: 'breach', atPercent: 100 },
  { ...never, key: 'administrators', afterBreachMinutes: 240 }
];
const plan = (segments: Segment[], now = at('23T09:00')) => planClock(terms, segments, steps, now);

describe('the plan of a clock', () => {
  it('warns at a percent, breaches when the target is used up and climbs in working time after it', () => {
    const planned = plan([{ kind: 'ours', from: at('23T09:00'), to: null }]);
    expect(planned.dueAt).toEqual(at('23T17:00'));
    expect(planned.steps.get('warning')).toEqual(at('23T15:00'));
    expect(planned.steps.get('breach')).toEqual(at('23T17:00'));
    expect(planned.steps.get('administrators')).toEqual(at('24T13:00'));
  });

  it('moves by exactly the working time that the client had it', () => {
    const planned = plan([
      { kind: 'ours', from: at('23T09:00'), to: at('23T16:00') },
      { kind: 'client', from: at('23T16:00'), to: at('24T10:00') },
      { kind: 'ours', from: at('24T10:00'), to: null }
    ]);
    expect(planned.dueAt).toEqual(at('24T11:00'));
    expect(planned.steps.get('warning')).toEqual(at('23T15:00'));
    expect(planned.steps.get('administrators')).toEqual(at('24T15:00'));
  });

  it('plans nothing ahead while it stands still, and says when it would be due if resumed now', () => {
    const paused: Segment[] = [
      { kind: 'ours', from: at('23T09:00'), to: at('23T12:00') },
      { kind: 'client', from: at('23T12:00'), to: null }
    ];
    const planned = plan(paused, at('25T09:00'));
    expect(planned.dueAt).toBeNull();
    expect(planned.dueIfResumedAt).toEqual(at('25T14:00'));
    expect([...planned.steps.values()]).toEqual([null, null, null]);
  });

  it('stands still after the breach too: the next step waits for the client', () => {
    const planned = plan([
      { kind: 'ours', from: at('23T09:00'), to: at('24T10:00') },
      { kind: 'client', from: at('24T10:00'), to: at('24T12:00') },
      { kind: 'ours', from: at('24T12:00'), to: null }
    ]);
    expect(planned.dueAt).toEqual(at('23T17:00'));
    expect(planned.steps.get('administrators')).toEqual(at('24T15:00'));
  });

  it('runs on while a third party has it, and counts that time apart', () => {
    const segments: Segment[] = [
      { kind: 'ours', from: at('23T09:00'), to: at('23T10:00') },
      { kind: 'third_party', from: at('23T10:00'), to: at('23T13:00') },
      { kind: 'client', from: at('23T13:00'), to: at('23T15:00') },
      { kind: 'ours', from: at('23T15:00'), to: null }
    ];
    expect(plan(segments).dueAt).toEqual(at('24T11:00'));
    expect(clockUse(terms, segments, at('23T16:30'))).toEqual({
      used: 330,
      ours: 150,
      thirdParty: 180,
      client: 120,
      total: 480
    });
  });

  it('counts calendar days by every hour', () => {
    const daily = {
      ...terms,
      target: { amount: 2, unit: 'calendar_days' as const },
      startedAt: at('20T10:00')
    };
    const planned = planClock(
      daily,
      [{ kind: 'ours', from: at('20T10:00'), to: null }],
      steps,
      at('20T10:00')
    );
    expect(planned.dueAt).toEqual(at('22T10:00'));
    expect(planned.steps.get('administrators')).toEqual(at('23T13:00'));
  });
});
