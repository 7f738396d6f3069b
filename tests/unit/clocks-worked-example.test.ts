import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { openCalendar } from '#lib/clocks/calendar.ts';
import { explainClock, type CausedSegment } from '#lib/clocks/explanation.ts';
import { clockUse, planClock, type ClockTerms } from '#lib/clocks/plan.ts';
import type { LadderStep } from '#lib/clocks/step-turns.ts';
import { storedPlan } from '#lib/clocks/stored-plan.ts';

/** The worked example of docs/clocks.md. */
const handbook = readFileSync(new URL('../../docs/clocks.md', import.meta.url), 'utf8');
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
    const use = clockUse(terms, segments, at('25T17:30'));
    expect(use).toEqual({ used: 2080, ours: 1600, thirdParty: 480, client: 330, total: 2040 });
    const rows = { target: use.total, ours: use.ours, 'third party': use.thirdParty, client: use.client };
    for (const [name, minutes] of Object.entries({ ...rows, used: use.used, over: use.used - use.total })) {
      expect(handbook).toMatch(new RegExp(`\\| ${name} +\\| ${minutes} +\\|`));
    }
  });

  it('explains itself in the words of the handbook', () => {
    const { dueAt, dueIfResumedAt } = planClock(terms, segments, steps, at('25T10:30'));
    const now = at('25T10:30');
    const { words } = explainClock({
      ...{ terms, segments, dueAt, dueIfResumedAt, now },
      endedAt: null,
      clientWord: 'client'
    });
    expect(words).toHaveLength(6);
    expect(words.at(-1)).toBe('So it is due Wednesday 25 November, 16:50.');
    for (const [index, sentence] of words.entries())
      expect(handbook).toContain(`> ${index + 1}. ${sentence}\n`);
  });
});

describe('a step whose time moves, in the handbook', () => {
  const head: LadderStep = {
    ...{ ...never, atPercent: 100, key: 'breach', position: 1, kind: 'breach' },
    ...{ tell: 'head', tellUserId: null, does: ['notify'] }
  };
  const told = { ...head, tell: 'head' as const, turn: 1, policyId: 1, at: at('18T14:00') };
  const open = { segments: [{ kind: 'ours' as const, from: at('18T10:00'), to: null }], steps: [head] };
  const past = { policyId: 2, carried: [told], turns: { breach: 1 }, breachedAt: null, heldUntil: null };
  const now = (wall: string) => at(`${wall.slice(4, 6)}T${wall.slice(-5)}`);

  const table = [
    ...handbook.matchAll(
      /\| (\w+ \d+th, [\d:]+) +\| (\d+) working (\w+) +\| (\w+ \d+th, [\d:]+) +\| (.+?) +\|/g
    )
  ].map(([, changed = '', amount = '', unit = '', comes = '', so = '']) => ({
    changed,
    amount,
    unit,
    comes,
    so
  }));

  it('is all there', () => expect(table).toHaveLength(4));

  it.each(table)('comes $comes after a change at $changed', ({ changed, amount, unit, comes, so }) => {
    const target =
      unit === 'days'
        ? { amount: Number(amount), unit: 'working_days' as const }
        : { amount: Number(amount) * 60, unit: 'working_minutes' as const };
    const promised = { ...terms, startedAt: at('18T10:00'), target };
    const [step] = storedPlan({ ...open, ...past, terms: promised }, now(changed)).steps;
    expect(step?.actionAt).toEqual(now(comes));
    expect([step?.isDone, step?.turn]).toEqual(so === 'was told' ? [true, 1] : [false, 2]);
  });
});
