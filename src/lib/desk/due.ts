import { DUE } from './inputs.ts';

/** What became overdue since a moment, was overdue before it, or has had a step of its ladder carried out since. */
const SINCE = ['overdue-since', 'overdue-before', 'escalated-since'] as const;
export type DueSince = (typeof SINCE)[number];

const MINUTE = 60_000;

/** To the minute, as an address says it. */
export const wholeMinute = (at: Date): Date => new Date(Math.floor(at.getTime() / MINUTE) * MINUTE);

/** `overdue-since-2026-11-20T03:00Z`, for the address of a list. */
export const dueSince = (what: DueSince, at: Date): string =>
  `${what}-${wholeMinute(at).toISOString().slice(0, 16)}Z`;

/** What an address says of due times: one of `DUE`, or what `dueSince` writes. */
export function readDue(text: string | undefined): { what: DueSince; at: Date } | null {
  const [, what, moment] = /^([a-z]+-[a-z]+)-(\d{4}-\d\d-\d\dT\d\d:\d\dZ)$/.exec(text ?? '') ?? [];
  const known = SINCE.find((each) => each === what);
  const at = new Date(moment ?? '');
  return known && !Number.isNaN(at.getTime()) ? { what: known, at } : null;
}

/** The filter of `queries.list` and `requests.list` for it. */
export function dueFilter(text: string | undefined) {
  const since = readDue(text);
  if (!since) return { due: DUE.find((each) => each === text) };
  if (since.what === 'escalated-since') return { escalatedFrom: since.at };
  return since.what === 'overdue-since' ? { overdueFrom: since.at } : { overdueBefore: since.at };
}
