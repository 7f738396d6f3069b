import { sql, type SQL } from 'drizzle-orm';
import { Temporal } from 'temporal-polyfill';
import { RuleViolation } from '#lib/platform/errors.ts';

/** Firm dates, both included, and in what steps they are told. */
export interface Period {
  from: string;
  to: string;
  step: 'day' | 'week' | 'month';
}

export interface Preset {
  label: string;
  from: string;
  to: string;
}

const USUAL_DAYS = 90;
const MOST_DAYS = 3700;

const refused = (message: string) => new RuleViolation(message, { field: 'period' });

/**
 * The period that was asked for; the last 90 days where none was. Throws RuleViolation of the field `period` for one that
 * ends before it begins or is over ten years long.
 */
export function periodOf(
  { from, to }: { from?: string | undefined; to?: string | undefined },
  today: string
): Period {
  const last = Temporal.PlainDate.from(to ?? (from && from > today ? from : today));
  const first = from ? Temporal.PlainDate.from(from) : last.subtract({ days: USUAL_DAYS - 1 });
  const days = first.until(last).days + 1;
  if (days < 1)
    throw refused('The period ends before it begins. Choose a first day that is not after the last');
  if (days > MOST_DAYS) throw refused('A report covers ten years at most. Choose a shorter period');
  const step = days <= 14 ? 'day' : days <= 92 ? 'week' : 'month';
  return { from: first.toString(), to: last.toString(), step };
}

/** The stretches a period is told in, cut to the period. */
export function stretchesOf({ from, to, step }: Period): { key: string; from: string; to: string }[] {
  const end = Temporal.PlainDate.from(to);
  const found = [];
  let start = beginningOf(Temporal.PlainDate.from(from), step);
  while (Temporal.PlainDate.compare(start, end) <= 0) {
    const next = start.add(step === 'day' ? { days: 1 } : step === 'week' ? { weeks: 1 } : { months: 1 });
    const last = next.subtract({ days: 1 }).toString();
    const key = start.toString();
    found.push({ key, from: key < from ? from : key, to: last > to ? to : last });
    start = next;
  }
  return found;
}

function beginningOf(day: Temporal.PlainDate, step: Period['step']): Temporal.PlainDate {
  if (step === 'month') return day.with({ day: 1 });
  return step === 'week' ? day.subtract({ days: day.dayOfWeek - 1 }) : day;
}

/** Periods people ask for. */
export function presetsOf(today: string): Preset[] {
  const now = Temporal.PlainDate.from(today);
  const month = now.with({ day: 1 });
  const quarter = month.subtract({ months: (now.month - 1) % 3 });
  const before = (days: number) => now.subtract({ days: days - 1 });
  const preset = (label: string, from: Temporal.PlainDate, to = now) => ({
    label,
    from: from.toString(),
    to: to.toString()
  });
  return [
    preset('Last 7 days', before(7)),
    preset('Last 30 days', before(30)),
    preset('Last 90 days', before(USUAL_DAYS)),
    preset('This month', month),
    preset('Last month', month.subtract({ months: 1 }), month.subtract({ days: 1 })),
    preset('This quarter', quarter),
    preset('Last 12 months', month.subtract({ months: 11 }))
  ];
}

interface Dates {
  from: string;
  to: string;
}

/** The moment the first of some firm days begins. */
export const startOf = ({ from }: Dates, timeZone: string): SQL =>
  sql`${from}::date::timestamp at time zone ${timeZone}`;

/** The moment the last of some firm days is over. */
export const endOf = ({ to }: Dates, timeZone: string): SQL =>
  sql`(${to}::date + 1)::timestamp at time zone ${timeZone}`;

/** Moments of the firm's days from `from` to `to`, as a condition on a time. */
export const within = (time: SQL, days: Dates, timeZone: string): SQL =>
  sql`(${time} >= ${startOf(days, timeZone)} and ${time} < ${endOf(days, timeZone)})`;

/** The stretch of the period a time falls into, as its first day. */
export const stretchOf = (time: SQL, step: Period['step'], timeZone: string): SQL =>
  sql`date_trunc(${step}, ${time} at time zone ${timeZone})::date`;
