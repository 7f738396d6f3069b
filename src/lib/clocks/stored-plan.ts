import { planClock, runningOf, standsStill, type ClockTerms, type Segment } from './plan.ts';
import { inHours } from './step-times.ts';
import { stepsInTurn, type LadderPast, type LadderStep, type StepInTurn } from './step-turns.ts';

interface PlannedStep extends StepInTurn {
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
export interface Plannable extends LadderPast {
  terms: ClockTerms;
  segments: Segment[];
  /** The ladder for its target. */
  steps: LadderStep[];
  breachedAt: Date | null;
  heldUntil: Date | null;
}

/** Works out what the rows of a clock must say now. Pure: also for a preview under other terms. */
export function storedPlan(clock: Plannable, now: Date): StoredPlan {
  const { terms, segments, breachedAt } = clock;
  const { dueAt, steps: moments } = planClock(terms, segments, clock.steps, now);
  const momentOf = (key: string) => moments.get(key) ?? null;
  const steps = stepsInTurn(clock.steps, clock, momentOf, now).map((step) => ({
    ...step,
    actionAt: step.isDone ? momentOf(step.key) : actionAt(clock, momentOf(step.key), now)
  }));
  const ahead = steps.filter(({ isDone }) => !isDone).map((step) => step.actionAt);
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

/**
 * A step that is still to come waits for the end of a hold; the breach itself waits for nothing. What is late already
 * waits for the next opening where steps keep to working hours.
 */
function actionAt({ heldUntil, terms }: Plannable, moment: Date | null, now: Date): Date | null {
  if (!moment) return null;
  const isHeld = heldUntil !== null && moment < heldUntil;
  const at = isHeld ? new Date(inHours(terms, heldUntil.getTime())) : moment;
  const opening = new Date(inHours(terms, now.getTime()));
  return at <= now && opening > now ? opening : at;
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
