import { DAY, MINUTE, spansOn, type Calendar } from './calendar.ts';
import { explainInterval, type StretchKind } from './explain.ts';
import type { SegmentKind } from './model.ts';
import { moveWords, type ExplainedMove } from './moves-wording.ts';
import { clockUse, standsStill, type ClockTerms, type Segment } from './plan.ts';
import { countsEveryHour, measureOf } from './targets.ts';
import { counted, dateInWords, inDays, inHours, lengthOf, lowered, writer, type Write } from './wording.ts';
import { nextOpening } from './working-time.ts';

/** A part of a clock's life with who caused it and why. */
export interface CausedSegment extends Segment {
  cause: string;
  by: string | null;
}

/** A stretch between start and due: either it counts for somebody, or it says why it does not. */
export interface ExplainedStretch {
  kind: SegmentKind | Exclude<StretchKind, 'working'>;
  from: Date;
  to: Date;
  /** Of a holiday. */
  name?: string;
}

export interface Explanation {
  /** Sentences that lead from the promise to the due time. */
  words: string[];
  stretches: ExplainedStretch[];
}

export interface Explained {
  terms: ClockTerms;
  segments: CausedSegment[];
  /** In their order; none where left out. */
  moves?: readonly ExplainedMove[];
  dueAt: Date | null;
  dueIfResumedAt: Date;
  endedAt: Date | null;
  now: Date;
  /** What the firm calls those it serves. */
  clientWord: string;
}

/** Why a clock is due when it is. Moments are written in the calendar's zone. */
export function explainClock(clock: Explained): Explanation {
  const until = clock.endedAt ?? clock.dueAt ?? clock.dueIfResumedAt;
  const stretches = stretchesBetween(clock.terms, asIfResumed(clock, until), until);
  const write = writer(clock.terms.calendar.zone.name);
  const words = [
    promise(clock),
    beginning(clock, write),
    ...waits(clock, write),
    ...takenBack(clock, write),
    ...promisedAgain(clock, write),
    ...moveWords(clock.moves ?? [], { write, clientWord: clock.clientWord }),
    closed(clock.terms.calendar, stretches, write)
  ];
  return { words: [...words, ending(clock, write)].filter((sentence) => sentence !== ''), stretches };
}

/** The segments of a clock that stands still: until now, and then up to `until` as if it went on. Of others, as they are. */
export function asIfResumed({ terms, segments, endedAt, now }: Explained, until: Date): Segment[] {
  const last = segments.at(-1);
  if (!last || last.to || endedAt || !standsStill(terms, last.kind) || now >= until) return segments;
  return [...segments.with(-1, { ...last, to: now }), { kind: 'ours', from: now, to: until }];
}

/** Segments as stretches that count and stretches that do not; `until` is where an open segment ends. */
export function stretchesBetween(terms: ClockTerms, segments: Segment[], until: Date): ExplainedStretch[] {
  const joined: ExplainedStretch[] = [];
  for (const stretch of segments.flatMap((segment) => stretchesOf(terms, segment, until))) {
    const last = joined.at(-1);
    // A night in which the work changed hands is one night.
    if (last?.kind === stretch.kind && last.name === stretch.name) last.to = stretch.to;
    else joined.push({ ...stretch });
  }
  return joined;
}

function stretchesOf(terms: ClockTerms, segment: Segment, until: Date): ExplainedStretch[] {
  const { kind, from } = segment;
  const to = segment.to ?? until;
  if (from >= to) return [];
  if (standsStill(terms, kind) || countsEveryHour(terms.target)) return [{ kind, from, to }];
  return explainInterval(terms.calendar, from, to).map((stretch) => ({
    ...stretch,
    kind: stretch.kind === 'working' ? kind : stretch.kind
  }));
}

function promise({ terms, now }: Explained): string {
  const { calendar, target } = terms;
  const by = `by the calendar ${calendar.name} (${calendar.zone.name})`;
  if (target.unit === 'on_date') return datePromise(terms, by);
  const { total } = clockUse(terms, [], now);
  const days = target.unit === 'working_days' ? `, which is ${inHours(total)} of working time` : '';
  return `The promise is ${lengthOf(target)} ${by}${days}.`;
}

function datePromise({ calendar, target, onDate }: ClockTerms, by: string): string {
  const grace = target.amount > 0 ? `, and ${counted(target.amount, 'day')} of grace` : '';
  const day = Date.parse(`${onDate}T00:00:00Z`) / DAY + target.amount;
  const shut = spansOn(calendar, day).length === 0;
  const name = calendar.special.get(day)?.name ?? 'no working day';
  const moved = shut ? ` That day is closed (${name}), so it is the next worked one.` : '';
  return `The promise is for ${dateInWords(onDate)}${grace}, when work closes ${by}.${moved}`;
}

function beginning({ terms, segments }: Explained, write: Write): string {
  const first = segments[0];
  const by = first?.by ? ` by ${first.by}` : '';
  return `It started ${write(terms.startedAt)}: ${lowered(first?.cause ?? 'Opened')}${by}.`;
}

/** Why the clock of a response after the first begins. */
export const ASKED = 'New message';

/** Why a clock that had ended runs on. */
export const TAKEN_BACK = 'The answer was taken back';

function takenBack({ segments }: Explained, write: Write): string[] {
  return segments
    .filter(({ cause }) => cause === TAKEN_BACK)
    .map(({ from }) => `The answer of ${write(from)} was taken back, so it runs on from there.`);
}

/** Why a clock that had lapsed runs on. */
export const PROMISED_AGAIN = 'Promised again';

function promisedAgain({ segments }: Explained, write: Write): string[] {
  return segments
    .filter(({ cause }) => cause === PROMISED_AGAIN)
    .map(
      ({ from }) =>
        `From ${write(from)} the policy that held promised nothing of the kind; one promised it again, so it runs on from there.`
    );
}

function waits({ terms, segments, now, clientWord }: Explained, write: Write): string[] {
  const measure = measureOf(terms.calendar, terms.target.unit);
  return segments.flatMap(({ kind, from, to, cause, by }) => {
    if (kind === 'ours') return [];
    const whom = kind === 'client' ? `the ${clientWord}` : 'a third party';
    const minutes = measure.between(from.getTime(), (to ?? now).getTime()) / MINUTE;
    const length = countsEveryHour(terms.target) ? inDays(minutes) : inHours(minutes);
    const still = standsStill(terms, kind);
    const effect = still ? `${length} did not count` : `the clock ran on, and ${length} are counted apart`;
    const span = to ? `From ${write(from)} to ${write(to)} it waited` : `Since ${write(from)} it waits`;
    return [`${span} for ${whom} (${by ? `${by}: ` : ''}${cause}): ${effect}.`];
  });
}

function closed(calendar: Calendar, stretches: ExplainedStretch[], write: Write): string {
  const closures = closuresIn(calendar, stretches);
  const having = (kind: ExplainedStretch['kind']) =>
    closures.filter((closure) => closure.some((stretch) => stretch.kind === kind)).length;
  const only = (kind: ExplainedStretch['kind']) =>
    closures.filter((closure) => closure.every((stretch) => stretch.kind === kind)).length;
  const holidays = new Set(
    stretches.flatMap(({ kind, name, from }) =>
      kind === 'holiday' ? [`${name} (${write(from).replace(/,? \d\d:\d\d$/, '')})`] : []
    )
  );
  const counts = [
    counted(only('night'), 'night'),
    counted(only('break'), 'break'),
    counted(having('weekend'), 'weekend')
  ];
  const parts = [...counts.filter((count) => count !== ''), ...holidays];
  return parts.length > 0 ? `Outside working hours, and not counted: ${parts.join(', ')}.` : '';
}

const COUNTED: readonly ExplainedStretch['kind'][] = ['ours', 'client', 'third_party'];

/**
 * The closed stretches by what they lead to: a weekend comes with the evening before it and the morning after it, and
 * is the same one however often the work changed hands in it.
 */
function closuresIn(calendar: Calendar, stretches: ExplainedStretch[]): ExplainedStretch[][] {
  const shut = stretches.filter(({ kind }) => !COUNTED.includes(kind));
  return [...Map.groupBy(shut, ({ from }) => nextOpening(calendar, from.getTime())).values()];
}

function ending({ terms, dueAt, dueIfResumedAt, endedAt, segments }: Explained, write: Write): string {
  if (endedAt) return `It ended ${write(endedAt)}${dueAt ? `; it was due ${write(dueAt)}` : ''}.`;
  if (dueAt) return `So it is due ${write(dueAt)}.`;
  const last = segments.at(-1);
  const waiting = last && standsStill(terms, last.kind) ? 'It stands still; going on now' : 'Going on now';
  return `${waiting}, it would be due ${write(dueIfResumedAt)}.`;
}
