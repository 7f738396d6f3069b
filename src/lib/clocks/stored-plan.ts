import type { StepAction, StepKind, Tell } from './model.ts';
import { planClock, runningOf, standsStill, type ClockTerms, type Segment } from './plan.ts';
import { inHours, type StepTiming } from './step-times.ts';

/** A step of the ladder with whom it tells and what it does. */
export interface LadderStep extends StepTiming {
  position: number;
  kind: StepKind;
  tell: Tell;
  tellUserId: number | null;
  does: StepAction[];
}

interface PlannedStep extends LadderStep {
  /** Null while the clock stands still before it. */
  actionAt: Date | null;
}

/** What the rows of an open clock say about its time. */
export interface StoredPlan {
  state: 'running' | 'paused';
  dueAt: Date | null;
  warnAt: Date | null;
  /** When the sweep must look at it next. */
  nextActionAt: Date | null;
  /** Kept while the due time lies behind. */
  breachedAt: Date | null;
  /** A `tstzmultirange` as Postgres reads it. */
  ran: string;
  steps: PlannedStep[];
}

/** Everything an open clock is planned from. */
export interface Plannable {
  terms: ClockTerms;
  segments: Segment[];
  /** The ladder for its target. */
  steps: LadderStep[];
  /** Keys of the steps that were carried out. */
  carried: string[];
  breachedAt: Date | null;
  heldUntil: Date | null;
}

/** Works out what the rows of a clock must say now. Pure: also for a preview under other terms. */
export function storedPlan(clock: Plannable, now: Date): StoredPlan {
  const { terms, segments, carried, breachedAt } = clock;
  const { dueAt, steps: moments } = planClock(terms, segments, clock.steps, now);
  const steps = clock.steps.map((step) => ({
    ...step,
    actionAt: actionAt(clock, step, moments.get(step.key))
  }));
  const ahead = steps.filter((step) => !carried.includes(step.key)).map((step) => step.actionAt);
  const broken = breachedAt !== null && dueAt !== null && dueAt <= now;
  const last = segments.at(-1);
  return {
    state: last && standsStill(terms, last.kind) ? 'paused' : 'running',
    dueAt,
    warnAt: moments.get(clock.steps.find(({ kind }) => kind === 'warning')?.key ?? '') ?? null,
    nextActionAt: earliest(broken ? ahead : [...ahead, dueAt]),
    breachedAt: broken ? dueAt : null,
    ran: ranText(terms, segments),
    steps
  };
}

/** A step that is still to come waits for the end of a hold; the breach itself waits for nothing. */
function actionAt(clock: Plannable, { key }: LadderStep, moment: Date | null | undefined): Date | null {
  const { heldUntil, terms, carried } = clock;
  if (!moment || !heldUntil || moment >= heldUntil || carried.includes(key)) return moment ?? null;
  return new Date(inHours(terms, heldUntil.getTime()));
}

/** When a clock ran, as Postgres reads a `tstzmultirange`; the open segment has no end. */
export function ranText(terms: ClockTerms, segments: Segment[]): string {
  const ranges = runningOf(terms, segments).map(
    ({ from, to }) => `[${from.toISOString()},${to ? to.toISOString() : ''})`
  );
  return `{${ranges.join(',')}}`;
}

export function earliest(moments: (Date | null)[]): Date | null {
  const times = moments.filter((moment) => moment !== null).map((moment) => moment.getTime());
  return times.length > 0 ? new Date(Math.min(...times)) : null;
}

export function latest(moment: Date, floor: Date | undefined): Date {
  return floor && moment < floor ? floor : moment;
}
