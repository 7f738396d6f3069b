import { RuleViolation } from '#lib/platform/errors.ts';

const mustHave = (list: readonly unknown[], at: number) => {
  if (at < 0 || at >= list.length) throw new RuleViolation('This is no longer in the list. Reload the page');
};

/** The list with one entry a place up (-1) or down (1); unchanged where there is no further place. */
export function moved<T>(list: readonly T[], at: number, by: -1 | 1): T[] {
  mustHave(list, at);
  const to = at + by;
  if (to < 0 || to >= list.length) return [...list];
  const rest = list.filter((_, index) => index !== at);
  return [...rest.slice(0, to), list[at] as T, ...rest.slice(to)];
}

export function without<T>(list: readonly T[], at: number): T[] {
  mustHave(list, at);
  return list.filter((_, index) => index !== at);
}

export function replaced<T>(list: readonly T[], at: number, by: T): T[] {
  mustHave(list, at);
  return list.with(at, by);
}
