import { describe, expect, it } from 'vitest';
import { openCalendar } from '#lib/clocks/calendar.ts';
import { explainClock } from '#lib/clocks/explanation.ts';
import { clockUse, planClock, type ClockTerms, type Segment } from '#lib/clocks/plan.ts';
import type { StepTiming } from '#lib/clocks/step-times.ts';
import type { LadderStep } from '#lib/clocks/step-turns.ts';
import { storedPlan } from '#lib/clocks/stored-plan.ts';
import { dueOnDate } from '#lib/clocks/targets.ts';

/** Friday the 25th of December is a holiday, Saturday the 26th is worked in the morning. */
const calendar = openCalendar({
  name: 'Business hours',
  timeZone: 'Asia/Kolkata',
  windows: [1, 2, 3, 4, 5].map((weekday) => ({ weekday, opens: '09:30', closes: '18:00' })),
  holidays: [
    { on: '2026-12-25', name: 'Christmas' },
    { on: '2026-12-26', name: 'Stocktaking', windows: [{ opens: '10:00', closes: '12:00' }] }
  ]
});
const at = (wall: string) => new Date(`2026-12-${wall}+05:30`);
const never = { atPercent: null, afterBreachMinutes: null, daysBefore: null };
const before = (days: number): StepTiming => ({ ...never, key: `${days} before`, daysBefore: days });

function termsOf(changes: Partial<ClockTerms> = {}): ClockTerms {
  return {
    calendar,
    target: { amount: 0, unit: 'on_date' },
    startedAt: at('01T11:00'),
    onDate: '2026-12-16',
    pausesClient: true,
    pausesThirdParty: false,
    workingHoursOnly: false,
    ...changes
  };
}

const running = ({ startedAt }: ClockTerms): Segment[] => [{ kind: 'ours', from: startedAt, to: null }];
const planOf = (terms: ClockTerms, ...steps: StepTiming[]) =>
  planClock(terms, running(terms), steps, terms.startedAt);
const timeOf = (terms: ClockTerms, step: StepTiming) => planOf(terms, step).steps.get(step.key);

describe('a promise for a date', () => {
  it('is due when work closes that day, and days of grace later', () => {
    expect(planOf(termsOf()).dueAt).toEqual(at('16T18:00'));
    expect(planOf(termsOf({ target: { amount: 2, unit: 'on_date' } })).dueAt).toEqual(at('18T18:00'));
  });

  it('closes with an exceptional day, and on a closed day with the next that is worked', () => {
    expect(dueOnDate(calendar, '2026-12-26', 0)).toEqual(at('26T12:00'));
    expect(dueOnDate(calendar, '2026-12-25', 0)).toEqual(at('26T12:00'));
    expect(dueOnDate(calendar, '2026-12-27', 0)).toEqual(at('28T18:00'));
  });

  it('comes whoever has the work, and counts every hour since its start', () => {
    const terms = termsOf();
    const waiting: Segment[] = [
      { kind: 'ours', from: terms.startedAt, to: at('02T11:00') },
      { kind: 'client', from: at('02T11:00'), to: null }
    ];
    expect(planClock(terms, waiting, [], at('03T11:00')).dueAt).toEqual(at('16T18:00'));
    expect(clockUse(terms, waiting, at('03T11:00'))).toMatchObject({ used: 2880, ours: 1440, client: 1440 });
  });

  it('has percent steps on plain time from the start', () => {
    const terms = termsOf({ startedAt: at('06T18:00') });
    expect(timeOf(terms, { ...never, key: 'half', atPercent: 50 })).toEqual(at('11T18:00'));
  });

  it('that was past at the start is overdue at once, and climbs from then on in working time', () => {
    const terms = termsOf({ onDate: '2026-11-20', startedAt: at('01T11:00') });
    expect(planOf(terms).dueAt).toEqual(new Date('2026-11-20T18:00+05:30'));
    expect(timeOf(terms, { ...never, key: 'breach', atPercent: 100 })).toEqual(at('01T11:00'));
    expect(timeOf(terms, { ...never, key: 'head', afterBreachMinutes: 60 })).toEqual(at('01T12:00'));
  });

  it('explains itself, with the closed day', () => {
    const terms = termsOf({ onDate: '2026-12-25', startedAt: at('01T11:00') });
    const { dueAt, dueIfResumedAt } = planOf(terms);
    const segments = [{ kind: 'ours' as const, from: terms.startedAt, to: null, cause: 'Agreed', by: null }];
    const { words } = explainClock({
      ...{ terms, segments, dueAt, dueIfResumedAt, endedAt: null, now: at('02T10:00') },
      clientWord: 'client'
    });
    expect(words).toEqual([
      'The promise is for Friday 25 December 2026, when work closes by the calendar Business hours (Asia/Kolkata). That day is closed (Christmas), so it is the next worked one.',
      'It started Tuesday 1 December, 11:00: agreed.',
      'So it is due Saturday 26 December, 12:00.'
    ]);
  });
});

describe('a step some days before', () => {
  it('comes when that day opens; 0 is the due date', () => {
    expect(timeOf(termsOf(), before(7))).toEqual(at('09T09:30'));
    expect(timeOf(termsOf(), before(0))).toEqual(at('16T09:30'));
  });

  it('on a closed day comes at the next opening', () => {
    expect(timeOf(termsOf(), before(4))).toEqual(at('14T09:30'));
  });

  it('never comes after what it reminds of', () => {
    const terms = termsOf({
      target: { amount: 4, unit: 'calendar_days' },
      startedAt: at('09T10:00'),
      onDate: null
    });
    expect(planOf(terms).dueAt).toEqual(at('13T10:00'));
    expect(timeOf(terms, before(0))).toEqual(at('13T10:00'));
  });

  it('of a promise due at midnight counts from the day that ends then', () => {
    const always = openCalendar({
      timeZone: 'Asia/Kolkata',
      windows: [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ weekday, opens: '00:00', closes: '24:00' })),
      holidays: []
    });
    expect(timeOf(termsOf({ calendar: always }), before(1))).toEqual(at('15T00:00'));
  });

  it('that lies before the start comes at the start', () => {
    expect(timeOf(termsOf({ startedAt: at('12T11:00') }), before(7))).toEqual(at('12T11:00'));
  });

  it('waits, like the due time, while the client has it', () => {
    const terms = termsOf({ target: { amount: 3, unit: 'working_days' }, onDate: null });
    const paused: Segment[] = [{ kind: 'client', from: terms.startedAt, to: null }];
    expect(planClock(terms, paused, [before(1)], at('02T11:00')).steps.get('1 before')).toBeNull();
  });
});

describe('steps that keep to working hours', () => {
  const terms = termsOf({
    target: { amount: 2, unit: 'calendar_days' },
    startedAt: at('10T20:00'),
    onDate: null
  });
  const warning: StepTiming = { ...never, key: 'warning', atPercent: 50 };

  it('wait for the next opening, and the due time does not', () => {
    expect(timeOf(terms, warning)).toEqual(at('11T20:00'));
    const kept = { ...terms, workingHoursOnly: true };
    expect(timeOf(kept, warning)).toEqual(at('14T09:30'));
    expect(planOf(kept).dueAt).toEqual(at('12T20:00'));
  });

  it('stay where they are within hours', () => {
    const kept = termsOf({ workingHoursOnly: true });
    expect(timeOf(kept, before(1))).toEqual(at('15T09:30'));
  });
});

describe('whose time stands still', () => {
  const lives: Segment[] = [
    { kind: 'ours', from: at('01T10:00'), to: at('01T12:00') },
    { kind: 'client', from: at('01T12:00'), to: at('01T13:00') },
    { kind: 'third_party', from: at('01T13:00'), to: at('01T15:00') },
    { kind: 'ours', from: at('01T15:00'), to: null }
  ];
  const terms = termsOf({
    target: { amount: 360, unit: 'working_minutes' },
    startedAt: at('01T10:00'),
    onDate: null
  });

  it.each([
    [true, false, '01T17:00', 300],
    [false, false, '01T16:00', 360],
    [true, true, '02T10:30', 180],
    [false, true, '01T18:00', 240]
  ])('is for the policy to say: client %s, third parties %s', (pausesClient, pausesThirdParty, due, used) => {
    const rules = { ...terms, pausesClient, pausesThirdParty };
    expect(planClock(rules, lives, [], at('01T16:00')).dueAt).toEqual(at(due));
    const use = clockUse(rules, lives, at('01T16:00'));
    expect(use).toMatchObject({ used, ours: 180, client: 60, thirdParty: 120 });
  });
});

describe('a held clock', () => {
  const terms = termsOf({
    target: { amount: 240, unit: 'working_minutes' },
    startedAt: at('01T10:00'),
    onDate: null
  });
  const does = { tell: 'assignee' as const, tellUserId: null, does: ['notify' as const] };
  const ladder: LadderStep[] = [
    { ...never, ...does, key: 'warning', kind: 'warning', position: 1, atPercent: 50 },
    { ...never, ...does, key: 'breach', kind: 'breach', position: 2, atPercent: 100 },
    { ...never, ...does, key: 'head', kind: 'escalation', position: 3, afterBreachMinutes: 600 }
  ];
  const warned = {
    ...does,
    key: 'warning',
    turn: 1,
    policyId: 1,
    kind: 'warning' as const,
    at: at('01T12:00')
  };
  const past = { policyId: 1, carried: [warned], turns: { warning: 1, breach: 1, head: 1 } };
  const clock = { terms, segments: running(terms), steps: ladder, breachedAt: null, ...past };

  it('carries out nothing before its end, and is due when it was', () => {
    const plan = storedPlan({ ...clock, heldUntil: at('02T09:45') }, at('01T12:30'));
    expect(plan.dueAt).toEqual(at('01T14:00'));
    expect(plan.steps.map(({ actionAt }) => actionAt)).toEqual([
      at('01T12:00'),
      at('02T09:45'),
      at('02T15:30')
    ]);
  });

  it('is looked at when it is due all the same, so that the breach is noted, and then when the hold ends', () => {
    const heldUntil = at('02T09:45');
    expect(storedPlan({ ...clock, heldUntil }, at('01T12:30')).nextActionAt).toEqual(at('01T14:00'));
    const broken = { ...clock, heldUntil, breachedAt: at('01T14:00') };
    expect(storedPlan(broken, at('01T15:00')).nextActionAt).toEqual(heldUntil);
  });

  it('goes on at the next opening where steps keep to working hours', () => {
    const kept = { ...clock, terms: { ...terms, workingHoursOnly: true }, heldUntil: at('01T21:00') };
    expect(storedPlan(kept, at('01T12:30')).steps[1]?.actionAt).toEqual(at('02T09:30'));
  });

  it('says when it ran, without what stood still', () => {
    const segments: Segment[] = [
      { kind: 'ours', from: at('01T10:00'), to: at('01T11:00') },
      { kind: 'client', from: at('01T11:00'), to: at('01T12:00') },
      { kind: 'third_party', from: at('01T12:00'), to: null }
    ];
    const { ran, state } = storedPlan({ ...clock, segments, heldUntil: null }, at('01T12:30'));
    expect(ran).toBe('{[2026-12-01T04:30:00.000Z,2026-12-01T05:30:00.000Z),[2026-12-01T06:30:00.000Z,)}');
    expect(state).toBe('running');
  });
});
