import { MINUTE, type Calendar } from './calendar.ts';
import type { SegmentKind } from './model.ts';
import { stepMoments, type StepTiming } from './step-times.ts';
import { dueAfter, dueOnDate, measureOf, type Measure, type Target } from './targets.ts';

/** A part of a clock's life; the last one is open (`to` null) until the clock ends. */
export interface Segment {
  kind: SegmentKind;
  from: Date;
  to: Date | null;
}

/** What a policy version says about all of its targets. */
export interface PolicyRules {
  /** The clock stands still while the client has it. */
  pausesClient: boolean;
  /** The clock stands still while a third party has it; else that time is used up, and counted apart. */
  pausesThirdParty: boolean;
  /** A step whose time falls outside working hours is taken at the next opening. */
  workingHoursOnly: boolean;
}

export interface ClockTerms extends PolicyRules {
  calendar: Calendar;
  target: Target;
  startedAt: Date;
  /** Of a date that had passed when it was noted: when that was; nothing is done before. */
  takenUpAt?: Date | null;
  /** The local date `YYYY-MM-DD` that a target of the unit `on_date` names; null for the other units. */
  onDate: string | null;
}

export interface ClockPlan {
  /** When the target is or will be used up; null while the clock stands still before that. */
  dueAt: Date | null;
  /** While it stands still: when it would be due if it went on now. */
  dueIfResumedAt: Date;
  /** By step key; null while the clock stands still before that step. */
  steps: Map<string, Date | null>;
}

/** Time used, split by who had it, in minutes of the clock's measure. */
export interface ClockUse {
  /** What counts towards the target: ours, and what others had without the clock standing still. */
  used: number;
  ours: number;
  thirdParty: number;
  client: number;
  /** The whole target in the same measure. */
  total: number;
}

/** Does the clock stand still while they have it? A date comes whoever has the work. */
export function standsStill({ target, ...rules }: Omit<ClockTerms, 'calendar'>, kind: SegmentKind): boolean {
  if (target.unit === 'on_date') return false;
  return (kind === 'client' && rules.pausesClient) || (kind === 'third_party' && rules.pausesThirdParty);
}

/** The segments during which the clock ran. */
export function runningOf(terms: ClockTerms, segments: Segment[]): Segment[] {
  return segments.filter(({ kind }) => !standsStill(terms, kind));
}

/** Works out every moment of a clock from its terms and segments alone, so the same rows always give the same answer. */
export function planClock(terms: ClockTerms, segments: Segment[], steps: StepTiming[], now: Date): ClockPlan {
  const measure = measureOf(terms.calendar, terms.target.unit);
  const working = measureOf(terms.calendar, 'working_minutes');
  const total = totalOf(terms, measure);
  const started = terms.startedAt.getTime();
  const running = hasDate(terms) ? [undisturbed(terms)] : runningOf(terms, segments);
  const reach = (amount: number) => momentAfter(running, started, amount, measure);
  const due = hasDate(terms) ? dueUndisturbed(terms).getTime() : reach(total);

  const moments = stepMoments(terms, steps, {
    due,
    atPercent: (percent) => reach((total * percent) / 100),
    afterBreach: (minutes) => (due === null ? null : momentAfter(running, due, minutes * MINUTE, working))
  });
  const used = running.reduce((sum, segment) => sum + lengthOf(segment, measure, now), 0);
  return {
    dueAt: toDate(due),
    dueIfResumedAt: new Date(due ?? measure.add(now.getTime(), total - used)),
    steps: new Map([...moments].map(([key, moment]) => [key, toDate(moment)]))
  };
}

/** What a clock has used up to `now`. */
export function clockUse(terms: ClockTerms, segments: Segment[], now: Date): ClockUse {
  const measure = measureOf(terms.calendar, terms.target.unit);
  const spent = (parts: Segment[]) =>
    parts.reduce((sum, segment) => sum + lengthOf(segment, measure, now), 0) / MINUTE;
  const of = (kind: SegmentKind) => spent(segments.filter((segment) => segment.kind === kind));
  return {
    used: spent(runningOf(terms, segments)),
    ours: of('ours'),
    client: of('client'),
    thirdParty: of('third_party'),
    total: totalOf(terms, measure) / MINUTE
  };
}

const hasDate = ({ target }: ClockTerms) => target.unit === 'on_date';

const undisturbed = ({ startedAt }: ClockTerms): Segment => ({ kind: 'ours', from: startedAt, to: null });

/** When it falls due if nothing pauses it. */
function dueUndisturbed({ calendar, startedAt, target, onDate }: ClockTerms): Date {
  if (target.unit !== 'on_date') return dueAfter(calendar, startedAt, target);
  if (onDate === null) throw new Error('A promise for a date has no date');
  return dueOnDate(calendar, onDate, target.amount);
}

/** A date that was past when the clock started leaves no time at all. */
function totalOf(terms: ClockTerms, measure: Measure): number {
  return Math.max(0, measure.between(terms.startedAt.getTime(), dueUndisturbed(terms).getTime()));
}

/** The moment at which the running segments after `from` add up to `amount`; null if the clock stands still before that. */
function momentAfter(running: Segment[], from: number, amount: number, measure: Measure): number | null {
  let left = amount;
  for (const segment of running) {
    if (segment.to && segment.to.getTime() <= from) continue;
    const start = Math.max(from, segment.from.getTime());
    if (!segment.to) return measure.add(start, left);
    const length = measure.between(start, segment.to.getTime());
    if (length >= left) return measure.add(start, left);
    left -= length;
  }
  return null;
}

function lengthOf(segment: Segment, measure: Measure, now: Date): number {
  return Math.max(0, measure.between(segment.from.getTime(), (segment.to ?? now).getTime()));
}

function toDate(moment: number | null): Date | null {
  return moment === null ? null : new Date(moment);
}
