import { MINUTE, type Calendar } from './calendar.ts';
import type { SegmentKind } from './model.ts';
import { dueAfter, measureOf, type Measure, type Target } from './targets.ts';

/** A part of a clock's life; the last one is open (`to` null) until the clock ends. */
export interface Segment {
  kind: SegmentKind;
  from: Date;
  to: Date | null;
}

/** When a step is taken: at a percent of the target, or so many working minutes after the breach. */
export interface StepTiming {
  key: string;
  atPercent: number | null;
  afterBreachMinutes: number | null;
}

export interface ClockTerms {
  calendar: Calendar;
  target: Target;
  startedAt: Date;
}

export interface ClockPlan {
  /** When the target is or will be used up; null while the clock stands still before that. */
  dueAt: Date | null;
  /** While it stands still: when it would be due if it went on now. */
  dueIfResumedAt: Date;
  /** By step key; null while the clock stands still before that step. */
  steps: Map<string, Date | null>;
}

/** Working time used, split by who had it, in minutes. `used` is ours and third parties' together. */
export interface ClockUse {
  used: number;
  ours: number;
  thirdParty: number;
  /** Time that did not count, because the client had it. */
  client: number;
  /** The whole target in the same measure. */
  total: number;
}

/** Works out every moment of a clock from its terms and segments alone, so the same rows always give the same answer. */
export function planClock(terms: ClockTerms, segments: Segment[], steps: StepTiming[], now: Date): ClockPlan {
  const measure = measureOf(terms.calendar, terms.target.unit);
  const working = measureOf(terms.calendar, 'working_minutes');
  const total = totalOf(terms, measure);
  const reach = (amount: number) => momentAfter(segments, terms.startedAt.getTime(), amount, measure);
  const due = reach(total);

  const timing = (step: StepTiming): number | null => {
    if (step.atPercent !== null) return reach((total * step.atPercent) / 100);
    return due === null ? null : momentAfter(segments, due, (step.afterBreachMinutes ?? 0) * MINUTE, working);
  };
  const dueIfResumed = due ?? measure.add(now.getTime(), total - runTime(segments, measure, now));
  return {
    dueAt: toDate(due),
    dueIfResumedAt: new Date(dueIfResumed),
    steps: new Map(steps.map((step) => [step.key, toDate(timing(step))]))
  };
}

/** What a clock has used up to `now`. */
export function clockUse(terms: ClockTerms, segments: Segment[], now: Date): ClockUse {
  const measure = measureOf(terms.calendar, terms.target.unit);
  const spent = (kind: SegmentKind) =>
    segments
      .filter((segment) => segment.kind === kind)
      .reduce((sum, segment) => sum + lengthOf(segment, measure, now), 0) / MINUTE;
  const [ours, client, thirdParty] = [spent('ours'), spent('client'), spent('third_party')];
  return { used: ours + thirdParty, ours, client, thirdParty, total: totalOf(terms, measure) / MINUTE };
}

function totalOf(terms: ClockTerms, measure: Measure): number {
  const undisturbed = dueAfter(terms.calendar, terms.startedAt, terms.target);
  return measure.between(terms.startedAt.getTime(), undisturbed.getTime());
}

/** The moment at which the running segments after `from` add up to `amount`; null if the clock stands still before that. */
function momentAfter(segments: Segment[], from: number, amount: number, measure: Measure): number | null {
  let left = amount;
  for (const segment of segments) {
    if (segment.kind === 'client' || (segment.to && segment.to.getTime() <= from)) continue;
    const start = Math.max(from, segment.from.getTime());
    if (!segment.to) return measure.add(start, left);
    const length = measure.between(start, segment.to.getTime());
    if (length >= left) return measure.add(start, left);
    left -= length;
  }
  return null;
}

function runTime(segments: Segment[], measure: Measure, now: Date): number {
  return segments
    .filter((segment) => segment.kind !== 'client')
    .reduce((sum, segment) => sum + lengthOf(segment, measure, now), 0);
}

function lengthOf(segment: Segment, measure: Measure, now: Date): number {
  return Math.max(0, measure.between(segment.from.getTime(), (segment.to ?? now).getTime()));
}

function toDate(moment: number | null): Date | null {
  return moment === null ? null : new Date(moment);
}
