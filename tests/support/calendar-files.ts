/** iCalendar files as calendars of the world write them. */

const file = (producer: string, ...lines: string[]) =>
  ['BEGIN:VCALENDAR', 'VERSION:2.0', `PRODID:${producer}`, ...lines, 'END:VCALENDAR', ''].join('\r\n');

/** Google's public holidays: whole days, the end is the day after, long lines are folded. */
export const GOOGLE = file(
  '-//Google Inc//Google Calendar 70.9054//EN',
  'CALSCALE:GREGORIAN',
  'METHOD:PUBLISH',
  'X-WR-CALNAME:Holidays in India',
  'X-WR-TIMEZONE:UTC',
  'BEGIN:VEVENT',
  'DTSTART;VALUE=DATE:20270115',
  'DTEND;VALUE=DATE:20270116',
  'DTSTAMP:20261101T101010Z',
  'UID:20270115_abc@google.com',
  'DESCRIPTION:Observance\\nTo hide observances\\, go to Google Calendar Settin',
  ' gs > Holidays in India',
  'STATUS:CONFIRMED',
  'SUMMARY:Pongal and Makar Sankranti\\, the harvest festival of the sou',
  ' thern states',
  'TRANSP:TRANSPARENT',
  'END:VEVENT',
  'BEGIN:VEVENT',
  'DTSTART;VALUE=DATE:20241031',
  'DTEND;VALUE=DATE:20241101',
  'UID:20241031_abc@google.com',
  'SUMMARY:Diwali of old',
  'END:VEVENT',
  'BEGIN:VEVENT',
  'DTSTART;VALUE=DATE:20271029',
  'UID:20271029_noend@google.com',
  'SUMMARY:Diwali',
  'END:VEVENT',
  'BEGIN:VEVENT',
  'DTSTART:20270201T043000Z',
  'DTEND:20270201T053000Z',
  'UID:meeting@google.com',
  'SUMMARY:Budget watch party',
  'END:VEVENT',
  'BEGIN:VEVENT',
  'DTSTART;VALUE=DATE:20270501',
  'DTEND;VALUE=DATE:20270502',
  'UID:cancelled@google.com',
  'STATUS:CANCELLED',
  'SUMMARY:Labour Day that is not held',
  'END:VEVENT'
);

/** Apple: yearly events from long ago, an exception date and a moved occurrence. */
export const APPLE = file(
  '-//Apple Inc.//macOS 15.1//EN',
  'BEGIN:VEVENT',
  'UID:republic',
  'DTSTART;VALUE=DATE:19500126',
  'DTEND;VALUE=DATE:19500127',
  'RRULE:FREQ=YEARLY',
  'EXDATE;VALUE=DATE:20270126',
  'SUMMARY:Republic Day',
  'END:VEVENT',
  'BEGIN:VEVENT',
  'UID:founders',
  'DTSTART;VALUE=DATE:20200310',
  'DTEND;VALUE=DATE:20200311',
  'RRULE:FREQ=YEARLY',
  'SUMMARY:Founders’ day',
  'END:VEVENT',
  'BEGIN:VEVENT',
  'UID:founders',
  'RECURRENCE-ID;VALUE=DATE:20270310',
  'DTSTART;VALUE=DATE:20270312',
  'DTEND;VALUE=DATE:20270313',
  'SUMMARY:Founders’ day',
  'END:VEVENT',
  'BEGIN:VEVENT',
  'UID:standup',
  'DTSTART;VALUE=DATE:20260105',
  'RRULE:FREQ=WEEKLY;BYDAY=SU',
  'SUMMARY:Every Sunday',
  'END:VEVENT'
);

/** Outlook: a zone of its own, whole days from midnight to midnight in it, several days. */
export const OUTLOOK = file(
  '-//Microsoft Corporation//Outlook 16.0 MIMEDIR//EN',
  'BEGIN:VTIMEZONE',
  'TZID:India Standard Time',
  'BEGIN:STANDARD',
  'DTSTART:16010101T000000',
  'TZOFFSETFROM:+0530',
  'TZOFFSETTO:+0530',
  'END:STANDARD',
  'END:VTIMEZONE',
  'BEGIN:VEVENT',
  'UID:040000008200E00074C5B7101A82E008',
  'DTSTART;TZID="India Standard Time":20271227T000000',
  'DTEND;TZID="India Standard Time":20280101T000000',
  'X-MICROSOFT-CDO-ALLDAYEVENT:TRUE',
  'SUMMARY:Year-end closing',
  'END:VEVENT',
  'BEGIN:VEVENT',
  'UID:sabbatical',
  'DTSTART;VALUE=DATE:20270301',
  'DTEND;VALUE=DATE:20270601',
  'SUMMARY:Sabbatical of a partner',
  'END:VEVENT'
);

/** Only meetings: no whole day in it. */
export const MEETINGS = file(
  '-//Test//EN',
  'BEGIN:VEVENT',
  'UID:m1',
  'DTSTART:20270201T043000Z',
  'DTEND:20270201T053000Z',
  'SUMMARY:Review',
  'END:VEVENT'
);

export const NO_EVENTS = file('-//Test//EN');

export const HUGE = file(
  '-//Test//EN',
  ...Array.from({ length: 9_000 }, (_, n) => `X-FILLER-${n}:${'x'.repeat(40)}`)
);
