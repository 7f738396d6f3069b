import { describe, expect, it } from 'vitest';
import { duration, formatsFor, fromLocalInput, minutes, plural, relative, total } from '#lib/ui/format.ts';

const india = formatsFor({ locale: 'en-IN', currency: 'INR', timeZone: 'Asia/Kolkata' });
const berlin = formatsFor({ locale: 'de-DE', currency: 'EUR', timeZone: 'Europe/Berlin' });
const moment = '2026-11-21T12:00:00Z';

describe('formats', () => {
  it('writes times in the given zone, with plain spaces and 24 hours', () => {
    expect(india.dateTime(moment)).toBe('21 Nov 2026, 17:30');
    expect(berlin.time(moment)).toBe('13:00');
  });

  it('writes the calendar day of the zone, not of UTC', () => {
    expect(india.isoDay('2026-11-21T20:00:00Z')).toBe('2026-11-22');
  });

  it('writes a date without a time as that date, wherever it is read', () => {
    const newYork = formatsFor({ locale: 'en-IN', currency: 'INR', timeZone: 'America/New_York' });
    const auckland = formatsFor({ locale: 'en-IN', currency: 'INR', timeZone: 'Pacific/Auckland' });
    for (const { date, isoDay, day } of [newYork, india, auckland])
      expect([date('2026-11-21'), isoDay('2026-11-21'), day('2026-11-21')]).toEqual([
        '21 Nov 2026',
        '2026-11-21',
        'Sat, 21 Nov'
      ]);
  });

  it('groups rupees in lakhs and shows paise only where there are some', () => {
    expect(india.money('1234567.00')).toBe('₹12,34,567');
    expect(india.money('1234567.5')).toBe('₹12,34,567.50');
    expect(india.money(null)).toBe('–');
  });

  it('keeps every digit of a numeric string', () => {
    expect(india.money('9007199254740993.25').replaceAll(',', '')).toBe('₹9007199254740993.25');
  });

  it('shows another currency when it is told to', () => {
    expect(india.money('20', 'USD')).toBe('$20');
  });
});

describe('what is typed into a time field', () => {
  it('is meant in the zone of the viewer', () => {
    expect(fromLocalInput('2026-11-21T17:30', 'Asia/Kolkata').toISOString()).toBe('2026-11-21T12:00:00.000Z');
  });

  it('comes back as it was typed, on both sides of a change of the clocks', () => {
    for (const text of ['2026-03-29T01:30', '2026-03-29T03:30', '2026-10-25T04:00', '2026-07-01T00:00']) {
      expect(berlin.localInput(fromLocalInput(text, 'Europe/Berlin'))).toBe(text);
    }
  });

  it('is midnight for a day alone', () => {
    expect(fromLocalInput('2026-11-21', 'Asia/Kolkata').toISOString()).toBe('2026-11-20T18:30:00.000Z');
  });

  it('is an invalid date when it is nonsense', () => {
    expect(fromLocalInput('soon', 'UTC').getTime()).toBeNaN();
  });
});

describe('spans', () => {
  const now = Date.parse(moment);

  it('never look longer than they are', () => {
    expect(duration(59_000)).toBeNull();
    expect(duration(119 * 60_000)).toBe('1 h');
    expect(duration(47 * 3_600_000)).toBe('1 day');
  });

  it('say which way they lie', () => {
    expect(relative(now + 3 * 3_600_000, now)).toBe('in 3 h');
    expect(relative(now - 12 * 60_000, now)).toBe('12 min ago');
    expect(relative(now, now)).toBe('now');
  });

  it('are hours and minutes for a clock', () => {
    expect(minutes(200)).toBe('3 h 20 min');
    expect(minutes(60)).toBe('1 h');
    expect(minutes(-5)).toBe('0 min');
  });
});

describe('counts', () => {
  it('are exact, or about three digits of an estimate', () => {
    expect(total(987, false, india)).toBe('987');
    expect(total(12_345, true, india)).toBe('about 12,300');
  });

  it('have a plural', () => {
    expect(plural(1, 'query', 'queries')).toBe('1 query');
    expect(plural(0, 'lead')).toBe('0 leads');
  });
});
