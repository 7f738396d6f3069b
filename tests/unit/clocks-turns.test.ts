import { describe, expect, it } from 'vitest';
import type { StepAction } from '#lib/clocks/model.ts';
import { stepsInTurn, type CarriedStep, type LadderStep } from '#lib/clocks/step-turns.ts';

const at = (hour: number) => new Date(Date.UTC(2026, 10, 18, hour));
const does: StepAction[] = ['notify'];
const step = (key: string, more: Partial<LadderStep> = {}): LadderStep => ({
  ...{ key, position: 1, kind: 'escalation', tell: 'head', tellUserId: null, does },
  ...{ atPercent: null, afterBreachMinutes: 0, daysBefore: null },
  ...more
});
const carried = (key: string, hour: number, more: Partial<CarriedStep> = {}): CarriedStep => ({
  ...{ key, turn: 1, policyId: 1, kind: 'escalation', tell: 'head', tellUserId: null, does },
  at: at(hour),
  ...more
});

interface Case {
  steps: LadderStep[];
  did: CarriedStep[];
  /** Hours at which the steps come now. */
  come: number[];
  now: number;
  turns?: Record<string, number>;
}

/** Under policy 1. */
const turnsOf = ({ steps, did, come, now, turns = {} }: Case) =>
  stepsInTurn(
    steps,
    { policyId: 1, carried: did, turns },
    (key) => at(come[steps.findIndex((each) => each.key === key)] ?? Number.NaN),
    at(now)
  ).map(({ turn, isDone, does: deeds }) => ({ turn, isDone, does: deeds }));

describe('what another policy did', () => {
  const other = { policyId: 2 };

  it('counts for one step each, however alike they are', () => {
    const steps = [step('escalation'), step('escalation_2')];
    expect(turnsOf({ steps, did: [carried('late', 10, other)], come: [9, 11], now: 12 })).toMatchObject([
      { turn: 0, isDone: true },
      { turn: 1, isDone: false }
    ]);
    const both = [carried('late', 10, other), carried('escalation', 11, other)];
    expect(turnsOf({ steps, did: both, come: [9, 11], now: 12 })).toMatchObject([
      { turn: 1, isDone: true },
      { turn: 0, isDone: true }
    ]);
  });

  it('counts where it did more, and not where it did less or told a colleague by name', () => {
    const mailed = carried('a', 10, { ...other, does: ['notify', 'mail'] });
    expect(turnsOf({ steps: [step('b')], did: [mailed], come: [9], now: 12 })[0]?.isDone).toBe(true);
    const steps = [step('b', { does: ['notify', 'mail'] })];
    expect(turnsOf({ steps, did: [carried('a', 10, other)], come: [9], now: 12 })[0]?.isDone).toBe(false);
    const named = [step('b', { tell: 'user', tellUserId: 7 })];
    const did = [carried('a', 10, { ...other, tell: 'user', tellUserId: 8 })];
    expect(turnsOf({ steps: named, did, come: [9], now: 12 })[0]?.isDone).toBe(false);
  });

  it('to the record is not done again by what was late then, and is by what comes later', () => {
    const deeds: StepAction[] = ['notify', 'reassign', 'raise_priority'];
    const steps = [step('b', { tell: 'assignee', does: deeds }), step('c', { tell: 'user', does: deeds })];
    const did = [carried('a', 10, { ...other, does: ['raise_priority'] })];
    expect(turnsOf({ steps, did, come: [9, 11], now: 10 }).map((each) => each.does)).toEqual([
      ['notify', 'reassign'],
      deeds
    ]);
  });
});

describe('a step of the same policy', () => {
  const steps = [step('breach')];

  it('is done whatever it tells now, unless it comes later than now', () => {
    const did = [carried('breach', 10, { tell: 'assignee' })];
    expect(turnsOf({ steps, did, come: [11], now: 12 })).toMatchObject([{ turn: 1, isDone: true }]);
    expect(turnsOf({ steps, did, come: [13], now: 12 })).toMatchObject([{ turn: 2, isDone: false }]);
  });

  it('that waits for its next turn keeps it when that time has passed, and gives it up when it is taken back', () => {
    const did = [carried('breach', 10)];
    const waiting = { steps, did, now: 14, turns: { breach: 2 } };
    expect(turnsOf({ ...waiting, come: [13] })).toMatchObject([{ turn: 2, isDone: false }]);
    expect(turnsOf({ ...waiting, come: [10] })).toMatchObject([{ turn: 1, isDone: true }]);
    const again = [...did, carried('breach', 13, { turn: 2 })];
    expect(turnsOf({ ...waiting, did: again, come: [13] })).toMatchObject([{ turn: 2, isDone: true }]);
    expect(turnsOf({ ...waiting, did: again, come: [16] })).toMatchObject([{ turn: 3, isDone: false }]);
  });
});
