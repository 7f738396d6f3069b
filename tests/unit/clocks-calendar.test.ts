import { describe, expect, it } from 'vitest';
import { openCalendar, type CalendarHours } from '#lib/clocks/calendar.ts';
import { explainInterval } from '#lib/clocks/explain.ts';
import { addCalendarDays, addWorkingDays, checkTarget } from '#lib/clocks/targets.ts';
import { addWorkingMinutes, workingMinutesBetween } from '#lib/clocks/working-time.ts';

const office: CalendarHours = {
  name: 'Office',
  timeZone: 'Asia/Kolkata',
  windows: [1, 2, 3, 4, 5].flatMap((weekday) => [
    { weekday, opens: '09:30', closes: '13:00' },
    { weekday, opens: '14:00', closes: '18:00' }
  ]),
  holidays: [
    { on: '2026-12-25', name: 'Christmas' },
    { on: '2026-12-26', name: 'Stocktaking', windows: [{ opens: '10:00', closes: '12:00' }] }
  ]
};

const roundTheClock = (timeZone: string): CalendarHours => ({
  timeZone,
  windows: [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ weekday, opens: '00:00', closes: '24:00' })),
  holidays: []
});

const kolkata = (wall: string) => new Date(`${wall}+05:30`);

describe('a calendar', () => {
  it('ends a promise at closing time rather than at the next opening', () => {
    const due = addWorkingMinutes(openCalendar(office), kolkata('2026-11-20T16:00'), 120);
    expect(due).toEqual(kolkata('2026-11-20T18:00'));
  });

  it('skips lunch, nights, weekends and holidays and works on exceptional days', () => {
    const due = addWorkingMinutes(openCalendar(office), kolkata('2026-12-24T12:30'), 30 + 240 + 120 + 15);
    expect(due).toEqual(kolkata('2026-12-28T09:45'));
  });

  it('works an hour less on the day the clocks go forward and an hour more when they go back', () => {
    const newYork = openCalendar(roundTheClock('America/New_York'));
    const day = (date: string, next: string, offset: string, after: string) =>
      workingMinutesBetween(newYork, new Date(`${date}T00:00${offset}`), new Date(`${next}T00:00${after}`));
    expect(day('2026-03-08', '2026-03-09', '-05:00', '-04:00')).toBe(23 * 60);
    expect(day('2026-11-01', '2026-11-02', '-04:00', '-05:00')).toBe(25 * 60);
  });

  it('knows the half hour by which Lord Howe changes', () => {
    const lordHowe = openCalendar(roundTheClock('Australia/Lord_Howe'));
    const midnight = new Date('2026-04-05T00:00+11:00');
    expect(addWorkingMinutes(lordHowe, midnight, 24 * 60 + 30)).toEqual(new Date('2026-04-06T00:00+10:30'));
  });

  it.each([
    ['no hours', { ...office, windows: [] }, /no working hours/],
    [
      'overlapping windows',
      { ...office, windows: [...office.windows, { weekday: 1, opens: '12:00', closes: '15:00' }] },
      /Monday: two windows overlap/
    ],
    [
      'a window that closes before it opens',
      { ...office, windows: [{ weekday: 2, opens: '18:00', closes: '09:00' }] },
      /close after it opens/
    ],
    ['a time of no clock', { ...office, windows: [{ weekday: 2, opens: '9', closes: '17:75' }] }, /HH:MM/],
    [
      'an eighth weekday',
      { ...office, windows: [{ weekday: 8, opens: '09:00', closes: '17:00' }] },
      /weekday/
    ],
    ['an unknown zone', { ...office, timeZone: 'Mars/Olympus' }, /"Mars\/Olympus" is not a time zone/],
    ['a date of no month', { ...office, holidays: [{ on: '2026-02-30', name: 'None' }] }, /is not a date/],
    [
      'a holiday listed twice',
      { ...office, holidays: [...office.holidays, { on: '2026-12-25', name: 'Again' }] },
      /listed twice/
    ]
  ])('with %s is refused in clear words', (_, hours, message) => {
    expect(() => openCalendar(hours)).toThrow(message);
  });

  it('whose every day is a holiday is refused when it is asked to count', () => {
    const holidays = Array.from({ length: 4000 }, (_, day) => ({
      on: new Date(Date.UTC(2026, 0, 1 + day)).toISOString().slice(0, 10),
      name: 'Closed'
    }));
    const shut = openCalendar({ ...office, holidays });
    expect(() => addWorkingMinutes(shut, kolkata('2026-06-01T10:00'), 10)).toThrow(
      /no working time for five/
    );
  });

  it('converts ten thousand clocks in well under a second', () => {
    const calendar = openCalendar(office);
    const began = performance.now();
    for (let each = 0; each < 10_000; each++) {
      addWorkingMinutes(calendar, new Date(Date.UTC(2026, 10, 1) + each * 300_000), 1440);
    }
    expect(performance.now() - began).toBeLessThan(1000);
  });
});

describe('targets in days', () => {
  const calendar = openCalendar(office);

  it('keeps the wall time over so many working days', () => {
    expect(addWorkingDays(calendar, kolkata('2026-11-19T11:20'), 3)).toEqual(kolkata('2026-11-24T11:20'));
  });

  it('starts what comes outside hours at the next opening, and gives it whole days', () => {
    expect(addWorkingDays(calendar, kolkata('2026-11-21T20:00'), 1)).toEqual(kolkata('2026-11-23T18:00'));
  });

  it('counts an exceptional day, and closes with it', () => {
    expect(addWorkingDays(calendar, kolkata('2026-12-24T16:00'), 1)).toEqual(kolkata('2026-12-26T12:00'));
  });

  it('counts calendar days at the same wall time across a change of the clocks', () => {
    const athens = openCalendar(roundTheClock('Europe/Athens'));
    const due = addCalendarDays(athens, new Date('2026-10-24T09:00+03:00'), 2);
    expect(due).toEqual(new Date('2026-10-26T09:00+02:00'));
  });

  it('refuses a target of zero and one of more than a year', () => {
    expect(() => checkTarget({ amount: 0, unit: 'working_days' })).toThrow(/above zero/);
    expect(() => checkTarget({ amount: 367, unit: 'calendar_days' })).toThrow(/a year/);
    expect(() => checkTarget({ amount: 367, unit: 'working_days' })).toThrow(/a year/);
    expect(() => checkTarget({ amount: 367 * 480, unit: 'working_minutes' })).toThrow(/a year/);
    expect(() => checkTarget({ amount: 366, unit: 'calendar_days' })).not.toThrow();
  });
});

describe('an interval explained', () => {
  it('names working hours, breaks, nights, weekends and holidays in order and without gaps', () => {
    const calendar = openCalendar(office);
    const stretches = explainInterval(calendar, kolkata('2026-12-24T12:00'), kolkata('2026-12-28T10:00'));
    expect(stretches.map(({ kind, name }) => name ?? kind)).toEqual([
      'working',
      'break',
      'working',
      'night',
      'Christmas',
      'night',
      'working',
      'night',
      'weekend',
      'night',
      'working'
    ]);
  });
});
