import type { Calendar } from './calendar.ts';
import { openingBefore, type StepTiming } from './step-times.ts';
import { dueOnDate, type Target } from './targets.ts';

interface Promised {
  startedAt: Date;
  /** The local date `YYYY-MM-DD` it is for; null where it is a length of time. */
  onDate: string | null;
  cause: string;
}

interface Terms {
  calendar: Calendar;
  target: Target;
  steps: Pick<StepTiming, 'daysBefore'>[];
}

const LATE = 'its date had passed when it was noted, so it counts from its first reminder';

/**
 * When a promise begins. One for a date that has passed by then begins with its first reminder, or with the record
 * (`noEarlier`) where that came later, so that it is overdue since its date; it was taken up when it was noted.
 */
export function startOf<P extends Promised>(
  promised: P,
  { calendar, target, steps }: Terms,
  noEarlier: Date
): P & { takenUpAt: Date | null } {
  const { startedAt, onDate } = promised;
  if (target.unit !== 'on_date' || onDate === null) return { ...promised, takenUpAt: null };
  const due = dueOnDate(calendar, onDate, target.amount);
  if (startedAt < due) return { ...promised, takenUpAt: null };
  const days = Math.max(0, ...steps.map(({ daysBefore }) => daysBefore ?? 0));
  const reminded = new Date(openingBefore(calendar, due.getTime(), days));
  const begun = noEarlier > reminded && noEarlier < due ? noEarlier : reminded;
  return { ...promised, startedAt: begun, takenUpAt: startedAt, cause: LATE };
}
