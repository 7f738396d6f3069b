import type { Target } from './targets.ts';

/** Writes a moment in one zone. */
export type Write = (moment: Date) => string;

/** `Tuesday 24 November, 11:20` in a zone. */
export function writer(timeZone: string): Write {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23'
  });
  return (moment) => format.format(moment).replace(' at ', ', ');
}

export const momentIn = (timeZone: string, moment: Date) => writer(timeZone)(moment);

/** A local date `2026-12-04` as `Friday 4 December 2026`. */
export function dateInWords(date: string | null): string {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: 'UTC',
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    year: 'numeric'
  });
  return date === null ? 'no date' : format.format(new Date(`${date}T00:00:00Z`)).replace(',', '');
}

export function lengthOf({ amount, unit }: Target): string {
  if (unit === 'working_minutes') return `${inHours(amount)} of working time`;
  return counted(amount, unit === 'working_days' ? 'working day' : 'calendar day');
}

/** `51 h`, `2 h 20 min`, `45 min`. */
export function inHours(minutes: number): string {
  const whole = Math.round(minutes);
  const [hours, rest] = [Math.floor(whole / 60), whole % 60];
  if (hours === 0) return `${rest} min`;
  return rest === 0 ? `${hours} h` : `${hours} h ${rest} min`;
}

/** `36 days`, begun ones left out as everywhere else, but for the hour a change of clocks may cost; of less than two days the hours. */
export function inDays(minutes: number): string {
  const days = Math.floor((minutes + 60) / (24 * 60));
  return days < 2 ? inHours(minutes) : `${days} days`;
}

/** How a clock's own time is written: short, and with what is counted for where it stands alone. */
export interface Lengths {
  length: (minutes: number) => string;
  spelled: (minutes: number) => string;
  /** It counts the time of the calendar, so that what is left of it also says how long until it is due. */
  allTime?: true;
}

/** `total`: the whole target in minutes. A promise of working days is written in working days of that length. */
export function lengthsOf({ amount, unit }: Target, total: number): Lengths {
  if (unit === 'calendar_days' || unit === 'on_date')
    return { length: inDays, spelled: inDays, allTime: true };
  const short = (minutes: number) => inHours(Math.max(0, minutes));
  const day = unit === 'working_days' ? total / amount : Infinity;
  const inWorkingDays = (minutes: number) => {
    const whole = Math.floor(minutes / day);
    const hours = Math.round((minutes - whole * day) / 60);
    const [days, rest] = hours * 60 >= day ? [whole + 1, 0] : [whole, hours];
    return [counted(days, 'working day'), rest > 0 ? `${rest} h` : ''].join(' ').trim();
  };
  return {
    length: (minutes) => (minutes < day ? short(minutes) : inWorkingDays(minutes)),
    spelled: (minutes) => (minutes < day ? `${short(minutes)} of working time` : inWorkingDays(minutes))
  };
}

/** `1 night`, `3 nights`, nothing for none. */
export function counted(count: number, one: string): string {
  if (count === 0) return '';
  return count === 1 ? `1 ${one}` : `${count} ${one}s`;
}

export function lowered(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}

/** For narrow places: `Tue 24 Nov, 11:20`, and the date alone. */
export function shortWriter(timeZone: string): Write & { day: Write } {
  const day = { timeZone, day: 'numeric', month: 'short' } as const;
  const time = { weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
  const [days, moments] = [day, { ...day, ...time }].map((each) => new Intl.DateTimeFormat('en-GB', each));
  return Object.assign((moment: Date) => moments?.format(moment) ?? '', {
    day: (moment: Date) => days?.format(moment) ?? ''
  });
}
