import { describe, expect, test } from 'vitest';
import { readCalendarFile } from '#lib/policies/ical.server.ts';

const SPAN = { from: 2026, to: 2028 };

const event = (name: string, start: string, ...lines: string[]) => [
  ...['BEGIN:VEVENT', `UID:${name}`, `SUMMARY:${name}`, `DTSTART;VALUE=DATE:${start}`],
  ...lines,
  'END:VEVENT'
];
const read = (...events: string[][]) =>
  readCalendarFile(['BEGIN:VCALENDAR', 'VERSION:2.0', ...events.flat(), 'END:VCALENDAR'].join('\r\n'), SPAN);
const daysOf = (...events: string[][]) => read(...events).days.map(({ on }) => on);

describe('yearly events of an iCalendar file', () => {
  test('are read for the years that are asked for alone, however long ago they began', () => {
    expect(daysOf(event('Old', '00010501', 'RRULE:FREQ=YEARLY'))).toEqual([
      ...['2026-05-01', '2027-05-01', '2028-05-01']
    ]);
  });

  test('reach over the end of the year before', () => {
    const days = daysOf(event('Turn', '20201230', 'DTEND;VALUE=DATE:20210103', 'RRULE:FREQ=YEARLY'));
    expect(days.slice(0, 4)).toEqual(['2026-01-01', '2026-01-02', '2026-12-30', '2026-12-31']);
  });

  test('have their added, left out, moved and cancelled days', () => {
    const held = event(
      'Held',
      '20200310',
      'RRULE:FREQ=YEARLY',
      'RDATE;VALUE=DATE:20260601,20270601',
      'EXDATE;VALUE=DATE:20280310'
    );
    const other = (recurrence: string, start: string, ...more: string[]) =>
      event('Held', start, `RECURRENCE-ID;VALUE=DATE:${recurrence}`, ...more);
    expect(
      daysOf(held, other('20260310', '20260312'), other('20270310', '20270310', 'STATUS:CANCELLED'))
    ).toEqual(['2026-03-12', '2026-06-01', '2027-06-01']);
  });

  test('that name a day which no year has give none', () => {
    const { days, skipped } = read(event('Never', '20200101', 'RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30'));
    expect(days).toEqual([]);
    expect(skipped).toEqual([{ name: 'Never', why: 'It is not within 2026 to 2028' }]);
  });

  test.each([
    ['every day', 'BYDAY=MO,TU,WE,TH,FR,SA,SU', /more than 12 times a year/],
    ['every Monday', 'BYDAY=MO', /more than 12 times a year/],
    ['a week', 'BYWEEKNO=53', /not read: enter its days by hand/],
    ['a day of leap years that never comes', 'BYYEARDAY=366;INTERVAL=100', /not read/],
    ['often, from long ago', 'COUNT=4000', /counted from more than 100 years ago/]
  ])('of %s are left out, and why is said', (_, rule, why) => {
    const { days, skipped } = read(
      event('Often', '18000101', `RRULE:FREQ=YEARLY;${rule}`),
      event('Holiday', '20260126')
    );
    expect(days).toEqual([{ on: '2026-01-26', name: 'Holiday' }]);
    expect(skipped).toEqual([{ name: 'Often', why: expect.stringMatching(why) as string }]);
  });

  test('name so many days together and no more', () => {
    const month = 'RRULE:FREQ=YEARLY;BYMONTHDAY=1';
    const long = Array.from({ length: 10 }, (_, n) =>
      event(`Long ${n}`, '20200101', 'DTEND;VALUE=DATE:20200121', month)
    );
    expect(() => read(...long)).toThrow(/names more than 5000 days/);
    expect(read(...long.slice(0, 3)).days.length).toBeGreaterThan(700);
  });
});
