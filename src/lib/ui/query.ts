import * as z from 'zod';

/**
 * Reads a list's state out of its address. What cannot be understood counts as not given: an address may be old
 * or typed by hand.
 */
export function queryOf({ searchParams }: URL) {
  const text = (name: string) => searchParams.get(name)?.trim() || undefined;
  const oneOf = <T extends string>(name: string, allowed: readonly T[]) =>
    allowed.find((value) => value === searchParams.get(name));
  return {
    text,
    oneOf,
    id: (name: string) => {
      const value = Number(text(name));
      return Number.isSafeInteger(value) && value > 0 ? value : undefined;
    },
    /** `2026-11-21`, when it is a day of the calendar. */
    day: (name: string) => z.iso.date().safeParse(text(name)).data,
    /** True when it is set, undefined otherwise: a filter that is off is no filter. */
    flag: (name: string) => searchParams.get(name) === 'true' || undefined,
    /** `sort=name` or `sort=-name`. */
    sort: <T extends string>(allowed: readonly T[]) => {
      const asked = searchParams.get('sort') ?? '';
      const descending = asked.startsWith('-');
      const by = allowed.find((key) => key === asked.slice(descending ? 1 : 0));
      return by && { by, direction: descending ? ('desc' as const) : ('asc' as const) };
    },
    cursor: text('cursor')
  };
}
