import { page } from '$app/state';
import { defaultLocale, formatsFor, minutes, plural, type Locale } from '#lib/ui/format.ts';
import { formats } from '#lib/ui/viewer.svelte.ts';
import type { Figure, Unit } from './table.ts';

/** A firm date, `2026-11-21`, as people write it: the same day in whatever zone it is read. */
export function writtenDay(day: string): string {
  const { firm } = page.data as { firm?: Locale };
  return formatsFor({ ...(firm ?? defaultLocale), timeZone: 'UTC' }).date(`${day}T00:00:00Z`);
}

/** The stretch from one firm date to another. */
export const writtenPeriod = ({ from, to }: { from: string; to: string }): string =>
  from === to ? writtenDay(from) : `${writtenDay(from)} – ${writtenDay(to)}`;

const signed = (value: number | string, text: string): string =>
  Number(value) > 0 ? `+${text}` : text.replace(/^-/, '−');

/** A figure with its unit; a dash where there is nothing to tell. */
export function written(value: Figure['value'], unit: Unit): string {
  if (value === null) return '–';
  const { number, money, percent } = formats();
  switch (unit) {
    case 'money':
      return money(value);
    case 'moneyChange':
      return signed(value, money(value));
    case 'percent':
      return percent(Number(value));
    case 'minutes':
      return minutes(Number(value));
    case 'days':
      return plural(Number(value), 'day');
    case 'change':
      return signed(value, number(Number(value)));
    case 'count':
      return number(Number(value));
  }
}
