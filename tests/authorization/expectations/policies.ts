import { acting, byId, free, fresh, on, type Expectations } from './letters.ts';

const week = {
  timeZone: 'Asia/Kolkata',
  monday: '09:30-18:00',
  ...{ tuesday: '', wednesday: '', thursday: '', friday: '', saturday: '', sunday: '' }
};
const day = { version: 1, on: '2027-05-01', name: 'Labour Day', hours: '' };
const text = [
  ...['BEGIN:VCALENDAR', 'BEGIN:VEVENT', 'UID:1', 'DTSTART;VALUE=DATE:20270501'],
  ...['SUMMARY:Labour Day', 'END:VEVENT', 'END:VCALENDAR', '']
].join('\r\n');

/** Calendars and policies are the administrators' to look after. */
export const calendars: Expectations = {
  'calendars.list': free('f f f o'),
  'calendars.byId': on('calendar', 'ffff ffff ffff ooon', byId),
  'calendars.create': free('f f f o', () => ({ name: `Hours ${fresh()}`, ...week })),
  'calendars.update': on('calendar', 'ffff ffff ffff ooon', ({ id }) => ({
    ...{ id, version: 1, name: `Hours ${fresh()}` },
    ...week
  })),
  'calendars.addDay': on('calendar', 'ffff ffff ffff ooon', acting(day)),
  'calendars.updateDay': on('calendar', 'ffff ffff ffff ooon', acting({ ...day, was: '2027-01-26' })),
  'calendars.removeDay': on('calendar', 'ffff ffff ffff ooon', acting({ version: 1, on: '2027-01-26' })),
  'calendars.readFile': on('calendar', 'ffff ffff ffff ooon', acting({ text })),
  'calendars.importDays': on('calendar', 'ffff ffff ffff ooon', acting({ version: 1, text })),
  'calendars.remove': on('calendar', 'ffff ffff ffff ooon', acting({ version: 1 }))
};

const terms = {
  ...{ calendarId: 1, pausesClient: true, pausesThirdParty: false, workingHoursOnly: false },
  targets: [{ target: 'contact', amount: 60, unit: 'calendar_days' }],
  steps: [{ target: 'contact', when: 'percent', amount: 100, tell: 'head', does: ['notify'] }]
};
/** Of a name that no policy has yet. */
const promise = () => ({ name: `Contact ${fresh()}`, clientTag: 'nobody has this', ...terms });

export const policies: Expectations = {
  'policies.list': free('f f f o'),
  'policies.choices': free('f f f o'),
  'policies.match': free('f f f o', () => ({ subjectKind: 'client' })),
  'policies.byId': on('policy', 'ffff ffff ffff ooon', byId),
  'policies.create': free('f f f o', () => ({ subjectKind: 'client', ...promise() })),
  'policies.update': on('policy', 'ffff ffff ffff ooon', ({ id }) => ({ id, version: 1, ...promise() })),
  'policies.setActive': on('policy', 'ffff ffff ffff ooon', acting({ version: 1, active: false })),
  'policies.move': on('policy', 'ffff ffff ffff ooon', acting({ by: 1 })),
  'policies.remove': on('policy', 'ffff ffff ffff ooon', acting({ version: 1 }))
};
