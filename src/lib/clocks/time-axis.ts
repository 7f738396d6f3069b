import { DAY, localDay, type Calendar } from './calendar.ts';
import { asIfResumed, stretchesBetween, type Explained, type ExplainedStretch } from './explanation.ts';
import { countsEveryHour, startOfDay } from './targets.ts';

/** A clock's life as it is drawn, from its start to its due time or its end, whichever is later. */
export interface TimeAxis {
  to: Date;
  stretches: ExplainedStretch[];
  /** Nights and breaks are left out where there are too many to see. */
  withNights: boolean;
  /** Midnights where the calendar is, few enough to be written under it. */
  days: Date[];
}

const MOST_DAYS_WITH_NIGHTS = 10;
const MOST_TICKS = 4;

export function timeAxis(clock: Explained): TimeAxis {
  const { terms, dueAt, dueIfResumedAt, endedAt, now } = clock;
  const from = terms.startedAt;
  const end = endedAt ?? now;
  const to = latestOf(from, dueAt ?? (endedAt ? end : dueIfResumedAt), end);
  const withNights =
    countsEveryHour(terms.target) || to.getTime() - from.getTime() <= MOST_DAYS_WITH_NIGHTS * DAY;
  const stretches = stretchesBetween(terms, asIfResumed(clock, to), to);
  return {
    to,
    stretches: withNights ? stretches : withoutNights(stretches),
    withNights,
    days: ticks(terms.calendar, from, to)
  };
}

/** A night is drawn like the time around it, so that weekends, holidays and pauses can be seen. */
function withoutNights(stretches: ExplainedStretch[]): ExplainedStretch[] {
  const drawn: ExplainedStretch[] = [];
  for (const stretch of stretches) {
    const last = drawn.at(-1);
    const passing = stretch.kind === 'night' || stretch.kind === 'break';
    const kind = passing ? (last?.kind ?? 'ours') : stretch.kind;
    if (last?.kind === kind && (passing || last.name === stretch.name)) last.to = stretch.to;
    else drawn.push({ ...stretch, kind });
  }
  return drawn;
}

function ticks(calendar: Calendar, from: Date, to: Date): Date[] {
  const [first, last] = [localDay(calendar, from.getTime()) + 1, localDay(calendar, to.getTime())];
  const every = Math.max(1, Math.ceil((last - first + 1) / MOST_TICKS));
  const days: Date[] = [];
  for (let day = first; day <= last; day += every) days.push(new Date(startOfDay(calendar, day)));
  return days;
}

const latestOf = (...moments: Date[]) => new Date(Math.max(...moments.map(Number)));
