import { sql } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { auditLog } from '#lib/platform/audit/schema.server.ts';
import { asSystem } from '#lib/platform/db/transactions.server.ts';
import { callerFor } from '#lib/platform/trpc/caller.server.ts';
import { addCalendar, namedCalendar, USUAL_HOURS, WEEK } from '../support/calendars.ts';
import { atField, said } from '../support/refusals.ts';
import { firm, useTestFirm } from '../support/test-firm.ts';

useTestFirm();

const api = () => callerFor(firm.admin).calendars;
const newCalendar = (fields: object = {}) => addCalendar(firm.admin, fields);

const noWeek = { tuesday: '', wednesday: '', thursday: '', friday: '', saturday: '', sunday: '' };

describe('a calendar', () => {
  it('has split shifts, typed as people type them', async () => {
    const calendar = await newCalendar({
      monday: '9:30 - 13, 14:00–18.00',
      tuesday: '9am to 1pm and 2 pm to 6 pm',
      saturday: 'closed',
      sunday: '20:00-24:00'
    });
    expect(calendar).toMatchObject({
      version: 1,
      monday: '09:30-13:00, 14:00-18:00',
      tuesday: '09:00-13:00, 14:00-18:00',
      saturday: '',
      sunday: '20:00-24:00'
    });
    const { items } = await api().list();
    expect(items.find(({ id }) => id === calendar.id)).toMatchObject({
      week: [
        'Mon 09:30–13:00, 14:00–18:00',
        'Tue 09:00–13:00, 14:00–18:00',
        'Wed–Fri 09:30–18:00',
        'Sun 20:00–24:00'
      ],
      policies: []
    });
  });

  it.each([
    ['overlapping windows', '09:00-13:00, 12:00-18:00', /09:00–13:00 and 12:00–18:00 overlap/],
    ['closing before opening', '18:00-09:00', /closes before it opens/],
    ['no time at all', '09:00-09:00', /no time at all/],
    ['a time that is none', '09:00-25:00', /is no time/],
    ['something else', 'mornings', /“mornings” is no time\. Write it like/]
  ])('refuses %s at the field', async (_, hours, message) => {
    await expect(api().create(namedCalendar({ wednesday: hours }))).rejects.toEqual(said(message));
  });

  it('refuses to have no hours, a zone that is none, and a name twice', async () => {
    const closed = Object.fromEntries(Object.keys(WEEK).map((day) => [day, '']));
    await expect(api().create(namedCalendar({ ...closed, timeZone: 'Asia/Kolkata' }))).rejects.toEqual(
      atField('monday', /at least one day/)
    );
    await expect(api().create(namedCalendar({ timeZone: 'Mars/Olympus' }))).rejects.toEqual(
      said(/not a time zone/)
    );
    const { name } = await newCalendar();
    await expect(api().create({ ...WEEK, name })).rejects.toThrow(/of this name already/);
  });

  it('has a name of its own, whatever its letters and spaces', async () => {
    const taken = atField('name', /There is a calendar of this name already/);
    const [first] = (await api().list()).items;
    await expect(api().create({ ...WEEK, name: first?.name.toUpperCase() ?? '' })).rejects.toEqual(taken);
    const { id, name } = await newCalendar({ name: 'Night Desk' });
    await expect(api().create({ ...WEEK, name: ' night   desk ' })).rejects.toEqual(taken);
    const other = await newCalendar();
    await expect(
      api().update({ ...WEEK, id: other.id, version: 1, name: name.toLowerCase() })
    ).rejects.toEqual(taken);
    await api().update({ ...WEEK, id, version: 1, name: 'night desk' });
    const both = await Promise.allSettled([
      api().create({ ...WEEK, name: 'At once' }),
      api().create({ ...WEEK, name: 'AT ONCE' })
    ]);
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  });

  it('is changed by one at a time: the second is told what it is now', async () => {
    const { id } = await newCalendar();
    const first = await api().update({ ...namedCalendar(), id, version: 1, friday: '09:30-13:00' });
    expect(first.version).toBe(2);
    await expect(api().update({ ...namedCalendar(), id, version: 1, friday: '' })).rejects.toMatchObject({
      cause: {
        code: 'CONFLICT',
        details: { current: { friday: '09:30-13:00', version: 2, savedBy: 'Asha Admin' } }
      }
    });
    expect((await api().byId({ id })).friday).toBe('09:30-13:00');
  });

  it('tells whoever is second of a day what it says of that day', async () => {
    const { id } = await newCalendar();
    const day = { on: '2027-01-26', name: 'Republic Day', hours: '' };
    await api().addDay({ id, version: 1, ...day });
    const conflict = (current: object) => ({ cause: { code: 'CONFLICT', details: { current } } });
    await expect(api().addDay({ id, version: 1, ...day, name: 'Parade' })).rejects.toMatchObject(
      conflict({ ...day, version: 2, savedBy: 'Asha Admin' })
    );
    const elsewhere = api().addDay({ id, version: 1, ...day, on: '2027-01-27' });
    await expect(elsewhere).rejects.toMatchObject(conflict({ version: 2 }));
    await expect(elsewhere).rejects.not.toMatchObject(conflict({ name: expect.anything() as unknown }));
    const changed = api().updateDay({ id, version: 1, was: day.on, ...day, on: '2027-01-28' });
    await expect(changed).rejects.toMatchObject(conflict(day));
  });

  it('is deleted while nothing uses it; otherwise the policies are named', async () => {
    const { id } = await newCalendar();
    await api().remove({ id, version: 1 });
    await expect(api().byId({ id })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const [business] = (await api().list()).items.filter(({ policies }) => policies.length > 0);
    const { version } = await api().byId({ id: business?.id ?? 0 });
    await expect(api().remove({ id: business?.id ?? 0, version })).rejects.toThrow(
      /is used by “.+”.*another calendar first/
    );
  });

  it('leaves its changes in the audit trail', async () => {
    const { id } = await newCalendar();
    await api().update({ ...namedCalendar(), id, version: 1, name: 'Renamed', timeZone: 'Europe/Athens' });
    const rows = await asSystem((tx) =>
      tx
        .select()
        .from(auditLog)
        .where(sql`table_name = 'calendars' and row_id = ${id} and action = 'update'`)
    );
    expect(rows).toMatchObject([
      { actorId: firm.admin.userId, newValues: { name: 'Renamed', time_zone: 'Europe/Athens' } }
    ]);
  });
});

describe('days of its own', () => {
  it('are holidays and days with other hours, each date once', async () => {
    const { id } = await newCalendar();
    await api().addDay({ id, version: 1, on: '2027-01-26', name: 'Republic Day', hours: '' });
    await api().addDay({ id, version: 2, on: '2027-02-06', name: 'Stocktaking', hours: '10:00-14:00' });
    await expect(
      api().addDay({ id, version: 3, on: '2027-01-26', name: 'Again', hours: '' })
    ).rejects.toEqual(atField('on', /this date already: Republic Day/));
    await api().updateDay({ id, version: 3, was: '2027-02-06', on: '2027-02-07', name: 'Stock', hours: '' });
    expect((await api().byId({ id })).days).toEqual([
      { on: '2027-01-26', name: 'Republic Day', hours: '' },
      { on: '2027-02-07', name: 'Stock', hours: '' }
    ]);
    await api().removeDay({ id, version: 4, on: '2027-02-07' });
    expect(await api().byId({ id })).toMatchObject({ version: 5, days: [{ on: '2027-01-26' }] });
    await expect(api().removeDay({ id, version: 5, on: '2027-02-07' })).rejects.toMatchObject({
      code: 'NOT_FOUND'
    });
  });

  it('are no date that no calendar has, and not in the days of the dinosaurs', async () => {
    const { id } = await newCalendar();
    const add = (on: string) => api().addDay({ id, version: 1, on, name: 'x', hours: '' });
    await expect(add('2027-02-30')).rejects.toThrow();
    await expect(add('1066-10-14')).rejects.toEqual(said(/between 2000 and 2100/));
  });

  it('cannot close it for a year on end', async () => {
    const { id } = await newCalendar({ ...noWeek, monday: USUAL_HOURS });
    const mondays = Array.from({ length: 53 }, (_, n) => 7 * n)
      .map((days) => new Date(Date.UTC(2027, 0, 4 + days)).toISOString().slice(0, 10))
      .slice(0, 51);
    await asSystem((tx) =>
      tx.execute(sql`insert into calendar_holidays (calendar_id, on_date, name)
        select ${id}, value::date, 'Off' from jsonb_array_elements_text(${JSON.stringify(mondays)}::text::jsonb)`)
    );
    const last = new Date(Date.UTC(2027, 0, 4 + 7 * 51)).toISOString().slice(0, 10);
    await expect(api().addDay({ id, version: 1, on: last, name: 'Off', hours: '' })).rejects.toEqual(
      atField('on', /closed for \d+ days on end from Tuesday 29 December 2026\./)
    );
    await api().addDay({ id, version: 1, on: last, name: 'Open after all', hours: '10:00-11:00' });
  });
});
