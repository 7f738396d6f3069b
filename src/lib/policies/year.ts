import { WEEKDAYS, type Weekday } from './hours.ts';

/** How a day of a calendar is worked. */
export interface YearDay {
  on: string;
  day: number;
  kind: 'worked' | 'closed' | 'holiday' | 'exception';
  /** What the day is called, of those with an entry of their own. */
  name: string | null;
  hours: string;
}

interface YearMonth {
  month: number;
  /** Weeks from Monday on; null outside the month. */
  weeks: (YearDay | null)[][];
}

type Week = Record<Weekday, string>;

interface Special {
  on: string;
  name: string;
  hours: string;
}

const DAY = 86_400_000;

/** A calendar year, month by month, as one checks it. */
export function yearOf(year: number, week: Week, days: readonly Special[]): YearMonth[] {
  const special = new Map(days.map((day) => [day.on, day]));
  return Array.from({ length: 12 }, (_, month) => {
    const length = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
    const all = Array.from({ length }, (_, n) => dayOf(Date.UTC(year, month, n + 1), week, special));
    const before = Array<null>(weekdayOf(Date.UTC(year, month, 1))).fill(null);
    const cells = [...before, ...all];
    const weeks = Array.from({ length: Math.ceil(cells.length / 7) }, (_, n) => {
      const cut = cells.slice(n * 7, n * 7 + 7);
      return [...cut, ...Array<null>(7 - cut.length).fill(null)];
    });
    return { month, weeks };
  });
}

/** Monday is 0. */
const weekdayOf = (moment: number) => (((moment / DAY + 3) % 7) + 7) % 7;

function dayOf(moment: number, week: Week, special: Map<string, Special>): YearDay {
  const date = new Date(moment);
  const on = date.toISOString().slice(0, 10);
  const own = special.get(on);
  const usual = week[WEEKDAYS[weekdayOf(moment)] ?? 'monday'];
  const hours = own ? own.hours : usual;
  const kind = own ? (own.hours === '' ? 'holiday' : 'exception') : usual === '' ? 'closed' : 'worked';
  return { on, day: date.getUTCDate(), kind, name: own?.name ?? null, hours };
}
