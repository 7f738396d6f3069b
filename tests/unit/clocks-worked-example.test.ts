import { describe, expect, it } from 'vitest';
import { openCalendar } from '#lib/clocks/calendar.ts';
import { explainClock, type CausedSegment } from '#lib/clocks/explanation.ts';
import { clockUse, planClock, type ClockTerms } from '#lib/clocks/plan.ts';

/** The worked example of docs/clocks.md: its figures are these. */
const at = (wall: string) => new Date(`2026-11-${wall}+05:30`);
const terms: ClockTerms = {
  calendar: openCalendar({
    name: 'Business hours',
    timeZone: 'Asia/Kolkata',
    windows: [1, 2, 3, 4, 5].map((weekday) => ({ weekday, opens: '09:30', closes: '18:00' })),
    holidays: [{ on: '2026-11-24', name: 'Guru Nanak Jayanti' }]
  }),
  target: { amount: 4, unit: 'working_days' },
  startedAt: at('18T11:20'),
  onDate: null,
  pausesClient: true,
  pausesThirdParty: false,
  workingHoursOnly: false
};
const segments: CausedSegment[] = [
  { kind: 'ours', from: at('18T11:20'), to: at('19T15:00'), cause: 'Opened', by: 'Kavya Nair' },
  {
    kind: 'client',
    from: at('19T15:00'),
    to: at('20T12:00'),
    cause: 'The cheque leaf is missing',
    by: 'Imran Sheikh'
  },
  { kind: 'ours', from: at('20T12:00'), to: at('23T11:00'), cause: 'Resumed', by: 'Imran Sheikh' },
  {
    kind: 'third_party',
    from: at('23T11:00'),
    to: at('25T10:30'),
    cause: 'Registrar: form sent on',
    by: 'Imran Sheikh'
  },
  { kind: 'ours', from: at('25T10:30'), to: null, cause: 'Resumed', by: 'Imran Sheikh' }
];
const never = { atPercent: null, afterBreachMinutes: null, daysBefore: null };
const steps = [
  { ...never, key: 'warning', atPercent: 75 },
  { ...never, key: 'breach', atPercent: 100 },
  { ...never, key: 'administrators', afterBreachMinutes: 240 }
];

describe('the worked example of the handbook', () => {
  it('is due when the handbook says, with its ladder', () => {
    const plan = planClock(terms, segments, steps, at('25T10:30'));
    expect(plan.dueAt).toEqual(at('25T16:50'));
    expect(plan.steps.get('warning')).toEqual(at('23T16:50'));
    expect(plan.steps.get('administrators')).toEqual(at('26T12:20'));
  });

  it('is split to the minute, when it is completed late', () => {
    expect(clockUse(terms, segments, at('25T17:30'))).toEqual({
      used: 2080,
      ours: 1600,
      thirdParty: 480,
      client: 330,
      total: 2040
    });
  });

  it('explains itself in the words of the handbook', () => {
    const { dueAt, dueIfResumedAt } = planClock(terms, segments, steps, at('25T10:30'));
    const now = at('25T10:30');
    const { words } = explainClock({
      ...{ terms, segments, dueAt, dueIfResumedAt, now },
      endedAt: null,
      clientWord: 'client'
    });
    expect(words).toEqual([
      'The promise is 4 working days by the calendar Business hours (Asia/Kolkata), which is 34 h of working time.',
      'It started Wednesday 18 November, 11:20: opened by Kavya Nair.',
      'From Thursday 19 November, 15:00 to Friday 20 November, 12:00 it waited for the client (Imran Sheikh: The cheque leaf is missing): 5 h 30 min did not count.',
      'From Monday 23 November, 11:00 to Wednesday 25 November, 10:30 it waited for a third party (Imran Sheikh: Registrar: form sent on): the clock ran on, and 8 h are counted apart.',
      'Outside working hours, and not counted: 1 night, 1 weekend, Guru Nanak Jayanti (Tuesday 24 November).',
      'So it is due Wednesday 25 November, 16:50.'
    ]);
  });
});
