/** The page's own address with some parameters set, and others (null or empty) taken away. */
export function withParams(url: URL, changes: Record<string, string | number | null | undefined>): string {
  const params = new URLSearchParams(url.searchParams);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null || value === undefined || value === '') params.delete(name);
    else params.set(name, String(value));
  }
  const query = params.toString();
  return query ? `${url.pathname}?${query}` : url.pathname;
}

/** Filters of a list page in force; `sort`, `cursor` and what the page names in `keep` are not filters. */
export function activeFilters(url: URL, keep: readonly string[] = []): string[] {
  const others = new Set(['sort', 'cursor', ...keep]);
  return [...url.searchParams]
    .filter(([name, value]) => value !== '' && !others.has(name))
    .map(([name]) => name);
}

/** The address that clears the filters, or null when there is nothing to clear. */
export function clearFiltersHref(url: URL, keep: readonly string[] = []): string | null {
  const active = activeFilters(url, keep);
  if (active.length === 0) return null;
  return withParams(url, { ...Object.fromEntries(active.map((name) => [name, null])), cursor: null });
}

export type SortState = 'ascending' | 'descending' | undefined;

/** A column's state and the address its header leads to. `-key` is descending; a new sort starts at page one. */
export function sortLink(url: URL, key: string, fallback?: string): { href: string; state: SortState } {
  const current = url.searchParams.get('sort') ?? fallback;
  const state = current === key ? 'ascending' : current === `-${key}` ? 'descending' : undefined;
  const next = state === 'ascending' ? `-${key}` : key;
  return { href: withParams(url, { sort: next, cursor: null }), state };
}

/** A path inside the app, or `/`: what came in as `next` must not lead anywhere else. */
export function safeNext(next: string | null | undefined): string {
  const odd = (character: string) => character === '\\' || character < ' ';
  return next?.startsWith('/') && !next.startsWith('//') && ![...next].some(odd) ? next : '/';
}
