import { describe, expect, it } from 'vitest';
import { openCalendar } from '#lib/clocks/calendar.ts';
import { explainClock, type CausedSegment } from '#lib/clocks/explanation.ts';
import type { SegmentKind } from '#lib/clocks/model.ts';
import { planClock, type ClockTerms } from '#lib/clocks/plan.ts';

const at = (wall: string) => new Date(`2026-${wall}:00+05:30`);
const terms: ClockTerms = {
  calendar: openCalendar({
    name: 'Business hours',
    timeZone: 'Asia/Kolkata',
    windows: [1, 2, 3, 4, 5].map((weekday) => ({ weekday, opens: '10:00', closes: '18:00' })),
    holidays: [{ on: '2026-11-24', name: 'Guru Nanak Jayanti' }]
  }),
  target: { amount: 10, unit: 'working_days' },
  startedAt: at('11-20T15:00'),
  onDate: null,
  pausesClient: true,
  pausesThirdParty: true,
  workingHoursOnly: false
};

/** Who had it from when on; the last still has it. */
function wordsFor(hands: [SegmentKind, string][], now: string) {
  const segments = hands.map(([kind, from], index): CausedSegment => {
    const next = hands[index + 1];
    return { kind, from: at(from), to: next ? at(next[1]) : null, cause: 'Waits', by: null };
  });
  const { dueAt, dueIfResumedAt } = planClock(terms, segments, [], at(now));
  const moments = { dueAt, dueIfResumedAt, endedAt: null, now: at(now) };
  return explainClock({ terms, segments, ...moments, clientWord: 'client' }).words;
}

const closed = (words: string[]) => words.find((sentence) => sentence.startsWith('Outside working hours'));

describe('what is not counted', () => {
  it('is a weekend once, however often it changed hands in it', () => {
    const words = wordsFor(
      [
        ['ours', '11-20T15:00'],
        ['client', '11-21T11:00'],
        ['ours', '11-21T12:00'],
        ['third_party', '11-22T09:00'],
        ['ours', '11-22T10:00'],
        ['client', '11-24T11:00'],
        ['ours', '11-24T12:00']
      ],
      '11-25T12:00'
    );
    expect(words.at(-1)).toBe('So it is due Monday 7 December, 15:00.');
    expect(closed(words)).toBe(
      'Outside working hours, and not counted: 6 nights, 3 weekends, Guru Nanak Jayanti (Tuesday 24 November).'
    );
  });

  it('is named up to when it would be due, where it stands still', () => {
    const running = wordsFor([['ours', '11-20T15:00']], '11-20T16:00');
    const paused = wordsFor(
      [
        ['ours', '11-20T15:00'],
        ['client', '11-20T16:00']
      ],
      '11-20T16:00'
    );
    expect(closed(paused)).toBe(closed(running));
    expect(closed(paused)).toContain('3 weekends, Guru Nanak Jayanti');
  });
});
