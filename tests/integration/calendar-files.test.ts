import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { closeDatabase } from '#lib/platform/db/transactions.server.ts';
import { callerFor } from '#lib/platform/trpc/caller.server.ts';
import { APPLE, GOOGLE, HUGE, MEETINGS, NO_EVENTS, OUTLOOK } from '../support/calendar-files.ts';
import { addCalendar } from '../support/calendars.ts';
import { useTestDatabase, type TestDatabase } from '../support/database.ts';
import { makeFirm, type TestFirm } from '../support/firm.ts';
import { atField } from '../support/refusals.ts';

let database: TestDatabase;
let firm: TestFirm;

beforeAll(async () => {
  database = await useTestDatabase();
  firm = await makeFirm();
});

afterAll(async () => {
  await closeDatabase();
  await database.drop();
});

const api = () => callerFor(firm.admin).calendars;
const newCalendar = () => addCalendar(firm.admin);

describe('an iCalendar file', () => {
  it('of Google: folded lines, the day after as the end, old years and meetings left out', async () => {
    const { id } = await newCalendar();
    const read = await api().readFile({ id, text: GOOGLE });
    expect(read).toMatchObject({
      added: [
        {
          on: '2027-01-15',
          name: 'Pongal and Makar Sankranti, the harvest festival of the southern states'
        },
        { on: '2027-10-29', name: 'Diwali' }
      ],
      known: []
    });
    expect(read.skipped).toEqual([
      { name: 'Diwali of old', why: expect.stringMatching(/not within 20\d\d to 20\d\d/) as string },
      { name: 'Budget watch party', why: 'It has a time: only whole days are holidays' },
      { name: 'Labour Day that is not held', why: 'It is cancelled' }
    ]);
  });

  it('of Apple: yearly events are repeated, but not on days that are taken out, and moved where they moved', async () => {
    const { id } = await newCalendar();
    const { added, skipped, from, to } = await api().readFile({ id, text: APPLE });
    expect(to - from).toBe(2);
    const republic = added.filter(({ name }) => name === 'Republic Day').map(({ on }) => on);
    expect(republic).not.toContain('2027-01-26');
    expect(republic).toHaveLength(2);
    const founders = added.filter(({ name }) => name.startsWith('Founders')).map(({ on }) => on);
    expect(founders).toContain('2027-03-12');
    expect(founders).not.toContain('2027-03-10');
    expect(skipped).toMatchObject([
      { name: 'Every Sunday', why: expect.stringMatching(/into the hours/) as string }
    ]);
  });

  it('of Outlook: midnight to midnight in a zone is whole days; what lasts for months is no holiday', async () => {
    const { id } = await newCalendar();
    const { added, skipped } = await api().readFile({ id, text: OUTLOOK });
    expect(added.map(({ on }) => on)).toEqual([
      '2027-12-27',
      '2027-12-28',
      '2027-12-29',
      '2027-12-30',
      '2027-12-31'
    ]);
    expect(skipped).toMatchObject([{ why: expect.stringMatching(/lasts 92 days/) as string }]);
  });

  it('is named in the history with how many days came of it, by whom', async () => {
    const { id } = await newCalendar();
    await api().importDays({ id, version: 1, text: GOOGLE, fileName: 'banks.ics' });
    await api().addDay({ id, version: 2, on: '2027-12-24', name: 'Eve', hours: '' });
    await api().importDays({ id, version: 3, text: OUTLOOK });
    const { history } = await api().byId({ id });
    expect(history.map(({ title, actor }) => [title, actor?.name])).toEqual([
      ['imported 5 days from a file', firm.admin.name],
      ['added Eve on 2027-12-24', firm.admin.name],
      ['imported 2 days from banks.ics', firm.admin.name],
      [undefined, firm.admin.name]
    ]);
  });

  it('is imported once, however often: what is there stays as it is called', async () => {
    const { id } = await newCalendar();
    await api().addDay({ id, version: 1, on: '2027-10-29', name: 'Our Diwali', hours: '' });
    await api().importDays({ id, version: 2, text: GOOGLE });
    const once = await api().byId({ id });
    expect(once.days).toHaveLength(2);
    expect(once.days[1]).toMatchObject({ name: 'Our Diwali' });
    await api().importDays({ id, version: once.version, text: GOOGLE });
    expect(await api().byId({ id })).toEqual(once);
  });

  it.each([
    ['that is none', 'PK\u0003\u0004 a spreadsheet', /not an iCalendar file/],
    ['that breaks off', 'BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nnonsense', /incomplete or damaged/],
    ['that is empty', '  \n', /The file is empty/],
    ['that is too large', HUGE, /larger than 300 kB/],
    ['without events', NO_EVENTS, /has no events/]
  ])('%s is refused, and nothing changes', async (_, text, message) => {
    const calendar = await newCalendar();
    const { id } = calendar;
    await expect(api().readFile({ id, text })).rejects.toEqual(atField('file', message));
    await expect(api().importDays({ id, version: 1, text })).rejects.toEqual(atField('file', message));
    expect(await api().byId({ id })).toEqual(calendar);
  });

  it('without whole days says so of each event, and nothing changes', async () => {
    const { id } = await newCalendar();
    expect(await api().readFile({ id, text: MEETINGS })).toMatchObject({
      added: [],
      skipped: [{ name: 'Review', why: 'It has a time: only whole days are holidays' }]
    });
    await api().importDays({ id, version: 1, text: MEETINGS });
    expect((await api().byId({ id })).version).toBe(1);
  });
});
