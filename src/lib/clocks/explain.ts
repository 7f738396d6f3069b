import { DAY, localDay, spansOn, type Calendar, type Span } from './calendar.ts';
import { startOfDay } from './targets.ts';
import { workedOn } from './working-time.ts';

/** Why a stretch of time counts or does not: `weekend` is any weekday without hours, `break` lies between two windows of a day. */
export type StretchKind = 'working' | 'night' | 'break' | 'weekend' | 'holiday';

export interface Stretch {
  kind: StretchKind;
  from: Date;
  to: Date;
  /** The holiday's name. */
  name?: string;
}

/** Splits an interval into what was worked and what was not, without gaps and in order. */
export function explainInterval(calendar: Calendar, from: Date, to: Date): Stretch[] {
  const stretches: Stretch[] = [];
  let at = from.getTime();
  for (const worked of workedBetween(calendar, at, to.getTime())) {
    if (worked.from > at) closedStretches(calendar, at, worked.from).forEach((each) => join(stretches, each));
    join(stretches, { kind: 'working', from: new Date(worked.from), to: new Date(worked.to) });
    at = worked.to;
  }
  if (at < to.getTime()) {
    closedStretches(calendar, at, to.getTime()).forEach((each) => join(stretches, each));
  }
  return stretches;
}

function* workedBetween(calendar: Calendar, from: number, to: number): Generator<Span> {
  for (let day = Math.floor(from / DAY); day * DAY < to; day++) {
    for (const span of workedOn(calendar, day)) {
      const cut = { from: Math.max(from, span.from), to: Math.min(to, span.to) };
      if (cut.from < cut.to) yield cut;
    }
  }
}

function closedStretches(calendar: Calendar, from: number, to: number): Stretch[] {
  const stretches: Stretch[] = [];
  for (let at = from; at < to;) {
    const day = localDay(calendar, at);
    const midnight = startOfDay(calendar, day + 1);
    const end = midnight > at ? Math.min(midnight, to) : to;
    stretches.push({ ...reasonFor(calendar, day, at), from: new Date(at), to: new Date(end) });
    at = end;
  }
  return stretches;
}

function reasonFor(calendar: Calendar, day: number, at: number): { kind: StretchKind; name?: string } {
  const spans = spansOn(calendar, day);
  const special = calendar.special.get(day);
  if (spans.length === 0) return special ? { kind: 'holiday', name: special.name } : { kind: 'weekend' };
  const wall = at + calendar.zone.periodAt(at).offset - day * DAY;
  const between = spans.some((span) => span.to <= wall) && spans.some((span) => span.from > wall);
  return { kind: between ? 'break' : 'night' };
}

function join(stretches: Stretch[], next: Stretch): void {
  const last = stretches.at(-1);
  const same = last?.kind === next.kind && last.name === next.name;
  if (same && last.to.getTime() === next.from.getTime()) last.to = next.to;
  else stretches.push(next);
}
