import { describe, expect, it } from 'vitest';
import { openCalendar, type CalendarHours } from '#lib/clocks/calendar.ts';
import { SEGMENT_KINDS, type SegmentKind } from '#lib/clocks/model.ts';
import { clockUse, planClock, type ClockTerms, type Segment } from '#lib/clocks/plan.ts';
import type { StepTiming } from '#lib/clocks/step-times.ts';
import { seededRandom, wallClock, workedMinutes } from './clocks-brute-force.ts';
import { CASES, pick, randomHours, randomStart, whole, ZONES, type Random } from './clocks-random.ts';

const MINUTE = 60_000;
const DAY_MINUTES = 1440;
const LONGEST_DAYS = 400;
const UNITS = ['working_minutes', 'working_minutes', 'working_days', 'calendar_days'] as const;
const walls = new Map(ZONES.map((zone) => [zone, wallClock(zone)]));

interface Case {
  terms: ClockTerms;
  segments: Segment[];
  steps: StepTiming[];
  now: Date;
  /** By minute since the start. */
  isWorked(minute: number): boolean;
}

/** Works out a day when it is first asked for. */
function workedFrom(hours: CalendarHours, start: number): (minute: number) => boolean {
  const days: Uint8Array[] = [];
  const wall = walls.get(hours.timeZone) ?? wallClock(hours.timeZone);
  return (minute) => {
    const day = Math.floor(minute / DAY_MINUTES);
    const from = start + day * DAY_MINUTES * MINUTE;
    const worked = (days[day] ??= workedMinutes(hours, wall, from, from + DAY_MINUTES * MINUTE));
    return worked[minute % DAY_MINUTES] === 1;
  };
}

function randomSegments(random: Random, start: number): Segment[] {
  const segments: Segment[] = [];
  let [at, kind]: [number, SegmentKind] = [start, 'ours'];
  for (let left = whole(random, 5); left > 0; left--) {
    const to = at + whole(random, 2 * DAY_MINUTES) * MINUTE;
    segments.push({ kind, from: new Date(at), to: new Date(to) });
    at = to;
    kind = pick(
      random,
      SEGMENT_KINDS.filter((each) => each !== kind)
    );
  }
  return [...segments, { kind, from: new Date(at), to: null }];
}

function randomCase(seed: number): Case {
  const random = seededRandom(seed * 104_729);
  const start = randomStart(random);
  const hours = randomHours(random, start);
  const unit = pick(random, UNITS);
  const amount = unit === 'working_minutes' ? 20 * (1 + whole(random, 60)) : 1 + whole(random, 4);
  const segments = randomSegments(random, start);
  const terms: ClockTerms = {
    calendar: openCalendar(hours),
    target: { amount, unit },
    startedAt: new Date(start),
    onDate: null,
    pausesClient: random() < 0.7,
    pausesThirdParty: random() < 0.4,
    workingHoursOnly: false
  };
  const never = { atPercent: null, afterBreachMinutes: null, daysBefore: null };
  const steps = [
    { ...never, key: 'percent', atPercent: 5 * (1 + whole(random, 20)) },
    { ...never, key: 'after', afterBreachMinutes: whole(random, 600) }
  ];
  const last = segments.at(-1)?.from.getTime() ?? start;
  const now = new Date(last + whole(random, 3 * DAY_MINUTES) * MINUTE);
  return { terms, segments, steps, now, isWorked: workedFrom(hours, start) };
}

const minuteOf = ({ terms }: Case, moment: Date) => (moment.getTime() - terms.startedAt.getTime()) / MINUTE;

/** Who has it in a minute, and whether that is for ever. */
function holderAt(each: Case, minute: number): { kind: SegmentKind; last: boolean } {
  const index = each.segments.findIndex(({ to }) => !to || minuteOf(each, to) > minute);
  const segment = each.segments[index];
  return { kind: segment?.kind ?? 'ours', last: index === each.segments.length - 1 };
}

function stands({ terms }: Case, kind: SegmentKind): boolean {
  return (kind === 'client' && terms.pausesClient) || (kind === 'third_party' && terms.pausesThirdParty);
}

/** The minute at which so many have been counted from a minute on; null where it stands still before that. */
function countTo(each: Case, from: number, amount: number, everyHour: boolean): number | null {
  let left = amount;
  for (let minute = from; minute < LONGEST_DAYS * DAY_MINUTES; minute++) {
    const { kind, last } = holderAt(each, minute);
    if (left === 0) return minute;
    if (stands(each, kind)) {
      if (last) return null;
      continue;
    }
    if (everyHour || each.isWorked(minute)) left--;
    if (left === 0) return minute + 1;
  }
  throw new Error('The case never ends');
}

const toMoment = (each: Case, minute: number | null) =>
  minute === null ? null : new Date(each.terms.startedAt.getTime() + minute * MINUTE);

function countUse(each: Case, everyHour: boolean): Record<SegmentKind, number> {
  const use = { ours: 0, client: 0, third_party: 0 };
  for (let minute = 0; minute < minuteOf(each, each.now); minute++) {
    if (everyHour || each.isWorked(minute)) use[holderAt(each, minute).kind]++;
  }
  return use;
}

describe('the plan of a clock', () => {
  it(
    `agrees with counting minute by minute, in ${CASES} random lives with pauses`,
    { timeout: 900_000 },
    () => {
      for (let seed = 1; seed <= CASES; seed++) {
        const each = randomCase(seed);
        const { terms, segments, steps, now } = each;
        const everyHour = terms.target.unit === 'calendar_days';
        const plan = planClock(terms, segments, steps, now);
        const use = clockUse(terms, segments, now);

        const counted = countUse(each, everyHour);
        const split = { ours: use.ours, client: use.client, third_party: use.thirdParty };
        expect(split, `whose time, seed ${seed}`).toEqual(counted);
        const ran = SEGMENT_KINDS.filter((kind) => !stands(each, kind));
        expect(use.used, `used, seed ${seed}`).toBe(ran.reduce((sum, kind) => sum + counted[kind], 0));

        const due = countTo(each, 0, use.total, everyHour);
        expect(plan.dueAt, `due, seed ${seed}`).toEqual(toMoment(each, due));

        const percent = (use.total * (steps[0]?.atPercent ?? 0)) / 100;
        if (Number.isInteger(percent)) {
          const reached = countTo(each, 0, percent, everyHour);
          expect(plan.steps.get('percent'), `percent, seed ${seed}`).toEqual(toMoment(each, reached));
        }
        const after = steps[1]?.afterBreachMinutes ?? 0;
        if (due === null) expect(plan.steps.get('after')).toBeNull();
        else if (after > 0) {
          const reached = countTo(each, due, after, false);
          expect(plan.steps.get('after'), `after, seed ${seed}`).toEqual(toMoment(each, reached));
        }
        if (plan.dueAt === null) {
          expect(plan.dueIfResumedAt.getTime(), `resumed, seed ${seed}`).toBeGreaterThanOrEqual(
            now.getTime()
          );
        }
      }
    }
  );
});
