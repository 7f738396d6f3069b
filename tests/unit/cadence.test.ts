import { describe, expect, test } from 'vitest';
import { localDateOf, nextOccurrence, occurrencesSince } from '#lib/platform/jobs/cadence.ts';

const at = (text: string) => new Date(text);
const said = (moments: Date[]) => moments.map((moment) => moment.toISOString());

describe('a schedule that runs every minute', () => {
  test('is due once after a pause of any length', () => {
    const due = occurrencesSince('minute', 'UTC', at('2026-11-20T10:00:00Z'), at('2026-11-20T12:34:56Z'));
    expect(said(due)).toEqual(['2026-11-20T12:34:00.000Z']);
  });

  test('is not due again within its minute', () => {
    const since = at('2026-11-20T12:34:00Z');
    expect(occurrencesSince('minute', 'UTC', since, at('2026-11-20T12:34:59Z'))).toEqual([]);
    expect(nextOccurrence('minute', 'UTC', at('2026-11-20T12:34:00Z'))).toEqual(at('2026-11-20T12:35:00Z'));
  });
});

describe('a daily schedule', () => {
  const morning = { dailyAt: '07:30' };

  test("is due at the firm's local time", () => {
    const due = occurrencesSince(
      morning,
      'Asia/Kolkata',
      at('2026-11-19T02:00:00Z'),
      at('2026-11-20T02:00:00Z')
    );
    expect(said(due)).toEqual(['2026-11-20T02:00:00.000Z']);
    expect(localDateOf(at('2026-11-20T20:00:00Z'), 'Asia/Kolkata')).toBe('2026-11-21');
  });

  test('makes up for each missed day, oldest first', () => {
    const due = occurrencesSince(
      morning,
      'Asia/Kolkata',
      at('2026-11-16T02:00:00Z'),
      at('2026-11-19T09:00:00Z')
    );
    expect(said(due)).toEqual([
      '2026-11-17T02:00:00.000Z',
      '2026-11-18T02:00:00.000Z',
      '2026-11-19T02:00:00.000Z'
    ]);
  });

  test('makes up for a month at most', () => {
    const due = occurrencesSince(morning, 'UTC', at('2025-01-01T00:00:00Z'), at('2026-11-19T09:00:00Z'));
    expect(due).toHaveLength(31);
    expect(due.at(-1)).toEqual(at('2026-11-19T07:30:00Z'));
  });

  test('keeps its local time when the clocks change', () => {
    const before = nextOccurrence(morning, 'Europe/Berlin', at('2026-03-27T12:00:00Z'));
    const after = nextOccurrence(morning, 'Europe/Berlin', at('2026-03-29T12:00:00Z'));
    expect(said([before, after])).toEqual(['2026-03-28T06:30:00.000Z', '2026-03-30T05:30:00.000Z']);
  });

  test('runs once on a day that has its hour twice, and on one that skips it', () => {
    const night = { dailyAt: '02:30' };
    const autumn = occurrencesSince(
      night,
      'Europe/Berlin',
      at('2026-10-24T12:00:00Z'),
      at('2026-10-25T12:00:00Z')
    );
    const spring = occurrencesSince(
      night,
      'Europe/Berlin',
      at('2026-03-28T12:00:00Z'),
      at('2026-03-29T12:00:00Z')
    );
    expect(said([...autumn, ...spring])).toEqual(['2026-10-25T00:30:00.000Z', '2026-03-29T01:30:00.000Z']);
  });
});
