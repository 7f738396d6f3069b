import type { LeadReader } from '#lib/leads/whose.ts';
import type { Age, Narrowing } from './model.ts';

const NOBODY = { all: 'nobody', head: 'waiting', own: 'nobody' } as const;
const ANYBODY = { all: undefined, head: 'ours', own: 'me' } as const;

/** How many days before a date a lead of that age came into its status: from the earliest to the latest. */
const AGO: Record<Age, [number | null, number]> = {
  week: [7, 0],
  month: [30, 8],
  quarter: [90, 31],
  longer: [null, 91]
};

const DAY = 86_400_000;
const before = (date: string, days: number) =>
  new Date(Date.parse(date) - days * DAY).toISOString().slice(0, 10);

function sinceOf(age: Age, date: string): Record<string, string | undefined> {
  const [earliest, latest] = AGO[age];
  return {
    movedFrom: earliest === null ? undefined : before(date, earliest),
    movedTo: before(date, latest)
  };
}

function whatOf(
  { flow, status, age }: Narrowing,
  from: string,
  to: string
): Record<string, string | undefined> {
  if (flow === 'created') return { from, to };
  if (flow === 'moved') return { status, moved: 'yes', movedFrom: from, movedTo: to };
  if (flow) return { status: flow, movedFrom: from, movedTo: to };
  return { status, to, ...(age && sinceOf(age, to)) };
}

/**
 * The list of the leads that rows of nightly reports count, from one firm date to another, as they stand now: the same
 * leads as long as none of them has changed since.
 */
export function leadsHref(rows: Narrowing & { from: string; to: string }, reader: LeadReader): string {
  const { person, team, product, source, reason } = rows;
  const wanted = {
    ...whatOf(rows, rows.from, rows.to),
    rm: person === 'none' ? NOBODY[reader] : (person ?? ANYBODY[reader]),
    mainTeam: team,
    product,
    mode: source,
    // A lead that came has gone on since, most likely.
    reason: rows.flow === 'created' ? undefined : reason
  };
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(wanted))
    if (value !== undefined) params.set(name, String(value));
  return `/leads?${params.toString()}`;
}

interface Counted {
  onDate: string | null;
  counted: Partial<Narrowing> | null;
}

/** The list of the leads that one row of a nightly report counts. */
export function countedHref(
  { onDate, counted }: Counted,
  list: Narrowing,
  reader: LeadReader
): string | undefined {
  if (!onDate || !counted) return undefined;
  const { of, flow, age } = list;
  return leadsHref({ of, flow, age, ...counted, from: onDate, to: onDate }, reader);
}
