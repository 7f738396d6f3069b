import { explainInterval, type StretchKind } from './explain.ts';
import type { SegmentKind } from './model.ts';
import { clockUse, type ClockTerms, type Segment } from './plan.ts';
import { measureOf, type Target } from './targets.ts';

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
  const stretches = clock.segments.flatMap((segment) => stretchesOf(clock.terms, segment, until));
  const write = writer(clock.terms);
  const words = [promise(clock), beginning(clock, write), ...waits(clock, write), closed(stretches, write)];
  return { words: [...words, ending(clock, write)].filter((sentence) => sentence !== ''), stretches };
}

function stretchesOf(terms: ClockTerms, segment: Segment, until: Date): ExplainedStretch[] {
  const { kind, from } = segment;
  const to = segment.to ?? until;
  if (from >= to) return [];
  if (kind === 'client' || terms.target.unit === 'calendar_days') return [{ kind, from, to }];
  return explainInterval(terms.calendar, from, to).map((stretch) => ({
    ...stretch,
    kind: stretch.kind === 'working' ? kind : stretch.kind
  }));
}

function promise({ terms, now }: Explained): string {
  const { total } = clockUse(terms, [], now);
  const days = terms.target.unit === 'working_days' ? `, which is ${inHours(total)} of working time` : '';
  const { name, zone } = terms.calendar;
  return `The promise is ${lengthOf(terms.target)} by the calendar ${name} (${zone.name})${days}.`;
}

function beginning({ terms, segments }: Explained, write: Write): string {
  const first = segments[0];
  const by = first?.by ? ` by ${first.by}` : '';
  return `It started ${write(terms.startedAt)}: ${lowered(first?.cause ?? 'Opened')}${by}.`;
}

function waits({ terms, segments, now, clientWord }: Explained, write: Write): string[] {
  const measure = measureOf(terms.calendar, terms.target.unit);
  return segments.flatMap(({ kind, from, to, cause, by }) => {
    if (kind === 'ours') return [];
    const time = inHours(measure.between(from.getTime(), (to ?? now).getTime()) / 60_000);
    const whom = kind === 'client' ? `the ${clientWord}` : 'a third party';
    const effect = kind === 'client' ? `${time} did not count` : `${time} counted, and is kept apart`;
    const span = to ? `From ${write(from)} to ${write(to)} it waited` : `Since ${write(from)} it waits`;
    return [`${span} for ${whom} (${by ? `${by}: ` : ''}${cause}): ${effect}.`];
  });
}

function closed(stretches: ExplainedStretch[], write: Write): string {
  const closures = closuresIn(stretches);
  const having = (kind: ExplainedStretch['kind']) =>
    closures.filter((closure) => closure.some((stretch) => stretch.kind === kind)).length;
  const only = (kind: ExplainedStretch['kind']) =>
    closures.filter((closure) => closure.every((stretch) => stretch.kind === kind)).length;
  const holidays = stretches.flatMap(({ kind, name, from }) =>
    kind === 'holiday' ? [`${name} (${write(from).replace(/,? \d\d:\d\d$/, '')})`] : []
  );
  const counts = [
    counted(only('night'), 'night'),
    counted(only('break'), 'break'),
    counted(having('weekend'), 'weekend')
  ];
  const parts = [...counts.filter((count) => count !== ''), ...holidays];
  return parts.length > 0 ? `Outside working hours, and not counted: ${parts.join(', ')}.` : '';
}

/** Runs of stretches without working time: a weekend comes with the evening before it and the morning after it. */
function closuresIn(stretches: ExplainedStretch[]): ExplainedStretch[][] {
  const closures: ExplainedStretch[][] = [[]];
  for (const stretch of stretches) {
    if (['ours', 'client', 'third_party'].includes(stretch.kind)) closures.push([]);
    else closures.at(-1)?.push(stretch);
  }
  return closures.filter((closure) => closure.length > 0);
}

function counted(count: number, one: string): string {
  if (count === 0) return '';
  return count === 1 ? `1 ${one}` : `${count} ${one}s`;
}

function ending({ dueAt, dueIfResumedAt, endedAt, segments }: Explained, write: Write): string {
  if (endedAt) return `It ended ${write(endedAt)}${dueAt ? `; it was due ${write(dueAt)}` : ''}.`;
  if (dueAt) return `So it is due ${write(dueAt)}.`;
  const waiting = segments.at(-1)?.kind === 'client' ? 'It stands still; going on now' : 'Going on now';
  return `${waiting}, it would be due ${write(dueIfResumedAt)}.`;
}

type Write = (moment: Date) => string;

function writer({ calendar }: ClockTerms): Write {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: calendar.zone.name,
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23'
  });
  return (moment) => format.format(moment).replace(' at ', ', ');
}

function lengthOf({ amount, unit }: Target): string {
  if (unit === 'working_minutes') return `${inHours(amount)} of working time`;
  const days = unit === 'working_days' ? 'working day' : 'calendar day';
  return `${amount} ${days}${amount === 1 ? '' : 's'}`;
}

/** `51 h`, `2 h 20 min`, `45 min`. */
function inHours(minutes: number): string {
  const whole = Math.round(minutes);
  const [hours, rest] = [Math.floor(whole / 60), whole % 60];
  if (hours === 0) return `${rest} min`;
  return rest === 0 ? `${hours} h` : `${hours} h ${rest} min`;
}

function lowered(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}
