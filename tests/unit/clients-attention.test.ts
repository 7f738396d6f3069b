import { describe, expect, it } from 'vitest';
import { attentionOf, daysBetween } from '#lib/clients/attention.ts';

describe('attention', () => {
  it.each([
    [null, 'never'],
    [0, 'fine'],
    [60, 'fine'],
    [61, 'warning'],
    [90, 'warning'],
    [91, 'urgent'],
    [4000, 'urgent']
  ] as const)('after %s days is %s', (days, attention) => {
    expect(attentionOf(days)).toBe(attention);
  });

  it('counts days as the firm’s calendar does', () => {
    const late = new Date('2026-08-22T18:29:59Z');
    const next = new Date('2026-08-22T18:30:00Z');
    const now = new Date('2026-11-21T06:00:00Z');
    expect(daysBetween(late, now, 'Asia/Kolkata')).toBe(91);
    expect(daysBetween(next, now, 'Asia/Kolkata')).toBe(90);
    expect(daysBetween(next, now, 'UTC')).toBe(91);
  });
});
