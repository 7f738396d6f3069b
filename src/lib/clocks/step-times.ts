import { localDay, type Calendar } from './calendar.ts';
import { startOfDay } from './targets.ts';
import { nextOpening } from './working-time.ts';

/** When a step is taken; exactly one of the three is not null. */
export interface StepTiming {
  key: string;
  /** Of the target. */
  atPercent: number | null;
  /** Working minutes after the due time. */
  afterBreachMinutes: number | null;
  /** Calendar days before the due date, when that day opens; 0 is the due date itself. */
  daysBefore: number | null;
}

interface StepTerms {
  calendar: Calendar;
  startedAt: Date;
  takenUpAt?: Date | null;
  workingHoursOnly: boolean;
}

/** How a clock's own time runs, in epoch milliseconds; null while it stands still before that. */
interface Course {
  due: number | null;
  atPercent(percent: number): number | null;
  afterBreach(minutes: number): number | null;
}

/** When each step is taken, by its key. Nothing is done before the clock started, or was taken up. */
export function stepMoments(
  terms: StepTerms,
  steps: StepTiming[],
  course: Course
): Map<string, number | null> {
  return new Map(steps.map((step) => [step.key, momentOf(terms, step, course)]));
}

function momentOf(terms: StepTerms, step: StepTiming, course: Course): number | null {
  const moment = timeOf(terms, step, course);
  return moment === null
    ? null
    : inHours(terms, Math.max(moment, (terms.takenUpAt ?? terms.startedAt).getTime()));
}

function timeOf({ calendar }: StepTerms, step: StepTiming, course: Course): number | null {
  if (step.atPercent !== null) return course.atPercent(step.atPercent);
  if (step.daysBefore === null) return course.afterBreach(step.afterBreachMinutes ?? 0);
  return course.due === null ? null : openingBefore(calendar, course.due, step.daysBefore);
}

/** A closed day's opening is the next one, but a reminder never comes after what it reminds of. */
export function openingBefore(calendar: Calendar, due: number, days: number): number {
  // Due at midnight is due on the day that ends then.
  const day = localDay(calendar, due - 1) - days;
  return Math.min(due, nextOpening(calendar, startOfDay(calendar, day)));
}

/** A moment at which a step may be taken: the same, or the next opening where steps keep to working hours. */
export function inHours(
  { calendar, workingHoursOnly }: Omit<StepTerms, 'startedAt' | 'takenUpAt'>,
  moment: number
): number {
  return workingHoursOnly ? nextOpening(calendar, moment) : moment;
}
