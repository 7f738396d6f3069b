import { inDays } from '#lib/clocks/wording.ts';

interface ReviewDue {
  state: 'ahead' | 'today' | 'overdue';
  /** `10 days` once it is over, counted as its promise does. */
  late: string | null;
  /** The firm's day it is due on where that is not the day it was planned for: nobody works then, or days of grace. */
  movedTo: string | null;
}

/** How a portfolio review stands to the moment its promise is due; `dayOf` gives the firm's day of a moment. */
export function reviewDue(
  { plannedOn, dueAt }: { plannedOn: string; dueAt: Date },
  now: number,
  dayOf: (moment: Date | number) => string
): ReviewDue {
  const over = now - dueAt.getTime();
  const dueOn = dayOf(dueAt);
  return {
    state: over > 0 ? 'overdue' : dueOn === dayOf(now) ? 'today' : 'ahead',
    late: over > 0 ? inDays(over / 60_000) : null,
    movedTo: dueOn === plannedOn ? null : dueOn
  };
}
