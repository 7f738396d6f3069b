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

describe('a date that no year has', () => {
  const held = event('Held', '20260126');
  const none = (date: string) => `The year has no such date: “${date}”`;

  test.each([
    ['in the thirteenth month', '20261340'],
    ['the thirtieth of February', '20260230'],
    ['of noughts', '20260000'],
    ['the leap day of another year', '20270229'],
    ['a word', 'soon'],
    ['without a day', '202601'],
    ['with dashes', '2026-01-26']
  ])('%s is no other date, and is said to be none', (_, date) => {
    const { days, skipped } = read(event('Broken', date), held);
    expect(days).toEqual([{ on: '2026-01-26', name: 'Held' }]);
    expect(skipped).toEqual([
      { name: 'Broken', why: expect.stringMatching(/^The year has no such date: “/) as string }
    ]);
  });

  test.each([
    ['the end', 'DTEND;VALUE=DATE:20260230', '20260230'],
    ['how long it repeats', 'RRULE:FREQ=YEARLY;UNTIL=20261340', '20261340'],
    ['how long it repeats, with a time', 'RRULE:FREQ=YEARLY;UNTIL=20261340T000000Z', '20261340T000000Z'],
    ['an added day', 'RDATE;VALUE=DATE:20260301,20260230', '20260230'],
    ['an added period', 'RDATE;VALUE=PERIOD:20261340T000000Z/P1D', '20261340T000000Z'],
    ['a day left out', 'EXDATE;VALUE=DATE:20270230', '20270230'],
    ['an hour past midnight', 'RDATE:20260301T250000', '20260301T250000']
  ])('as %s keeps the event out', (_, line, date) => {
    const { days, skipped } = read(event('Broken', '20260310', line), held);
    expect(days).toEqual([{ on: '2026-01-26', name: 'Held' }]);
    expect(skipped).toEqual([{ name: 'Broken', why: none(date) }]);
  });

  test.each(['RECURRENCE-ID;VALUE=DATE:20270230', 'RECURRENCE-ID;VALUE=DATE:20270310'])(
    'of an occurrence that was moved keeps the event out: %s',
    (which) => {
      const date = which.endsWith('30') ? '20270311' : '20271340';
      const { days, skipped } = read(
        event('Moved', '20260310', 'RRULE:FREQ=YEARLY'),
        event('Moved', date, which),
        held
      );
      expect(days).toEqual([{ on: '2026-01-26', name: 'Held' }]);
      expect(skipped.map(({ why }) => why)).toEqual([none(which.endsWith('30') ? '20270230' : '20271340')]);
    }
  );

  test('in what is no date of the holiday does not matter', () => {
    expect(
      daysOf(event('Held', '20260126', 'X-SEEN;VALUE=DATE:20261340', 'DTSTAMP:20261340T000000Z'))
    ).toEqual(['2026-01-26']);
  });

  test('that is written without saying that it is a date, is one', () => {
    const plain = ['BEGIN:VEVENT', 'UID:p', 'SUMMARY:Plain', 'DTSTART:20260126', 'END:VEVENT'];
    expect(daysOf(plain)).toEqual(['2026-01-26']);
  });

  test('is told from a length that cannot be read', () => {
    const { skipped } = read(event('Long', '20260126', 'DURATION:soon'), held);
    expect(skipped).toEqual([{ name: 'Long', why: 'It does not say how long it lasts: “soon”' }]);
  });
});

describe('a file that breaks off', () => {
  const whole = ['BEGIN:VCALENDAR', 'VERSION:2.0', ...event('Held', '20260126'), 'END:VCALENDAR'];

  test.each([2, 4, 6, 7])('after %i lines is said to be incomplete or damaged', (lines) => {
    const text = whole.slice(0, lines).join('\r\n');
    expect(() => readCalendarFile(text, SPAN)).toThrow(
      'The file is incomplete or damaged. Export it again, and choose the new file'
    );
  });

  test('is told from one that is none', () => {
    expect(() => readCalendarFile('PK spreadsheet', SPAN)).toThrow(/not an iCalendar file/);
  });

  test('says which date it has twice, in words', () => {
    expect(read(event('One', '20260126'), event('Other', '20260126')).skipped).toEqual([
      { name: 'Other', why: 'On Monday 26 January 2026 the file has “One” already' }
    ]);
  });
});
