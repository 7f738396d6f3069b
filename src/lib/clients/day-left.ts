import { plural } from '#lib/ui/format.ts';

interface DayLeft {
  state: 'ahead' | 'today' | 'overdue';
  /** Days of the calendar since it was due. */
  late: number;
}

const DAY = 86_400_000;

/** How a date stands to the firm's today; both as `2026-11-21`. */
export function dayLeft(day: string, today: string): DayLeft {
  const late = Math.round((Date.parse(today) - Date.parse(day)) / DAY);
  if (late > 0) return { state: 'overdue', late };
  return { state: late === 0 ? 'today' : 'ahead', late: 0 };
}

/** `12 days overdue` */
export const lateInWords = (days: number): string => `${plural(days, 'day')} overdue`;
