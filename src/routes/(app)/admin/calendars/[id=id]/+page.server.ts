import { redirect, type RequestEvent } from '@sveltejs/kit';
import { addDayInput, calendarForm, dayForm } from '#lib/policies/calendar-inputs.ts';
import { isNothing } from '#lib/policies/effect.ts';
import { runLookedAction, runLookedForm } from '../../look-first.server.ts';
import { timeZones } from '#lib/settings/zones.ts';
import { numberIn, runAction } from '#lib/ui/form.server.ts';
import { queryOf } from '#lib/ui/query.ts';
import type { ReadFile } from './read-file.ts';
import type { Actions, PageServerLoad } from './$types';

const id = ({ params }: RequestEvent) => Number(params.id);
const FIRST_YEAR = 2000;
const LAST_YEAR = 2100;

const yearIn = (zone: string) =>
  Number(new Intl.DateTimeFormat('en', { year: 'numeric', timeZone: zone }).format(new Date()));

export const load: PageServerLoad = async ({ locals: { api }, params, url }) => {
  const asked = queryOf(url);
  const calendar = await api.calendars.byId({ id: Number(params.id) });
  const thisYear = yearIn(calendar.timeZone);
  const day = asked.day('day');
  const year = Number(asked.text('year') ?? day?.slice(0, 4));
  return {
    calendar,
    zones: timeZones(),
    day: day ?? null,
    deleting: asked.flag('delete') ?? false,
    thisYear,
    year: year >= FIRST_YEAR && year <= LAST_YEAR ? Math.trunc(year) : thisYear
  };
};

const textIn = (form: FormData, name: string) => {
  const text = form.get(name);
  return typeof text === 'string' ? text : '';
};

/** Back to the page, to the year that was shown. */
const backTo = (event: RequestEvent, year = event.url.searchParams.get('year')) =>
  redirect(303, `/admin/calendars/${id(event)}${year ? `?year=${year}` : ''}`);

const nameIn = (form: FormData, name: string) => textIn(form, name).slice(0, 200) || undefined;

async function fileOf(form: FormData): Promise<{ text: string; fileName: string }> {
  const file = form.get('file');
  return file instanceof File ? { text: await file.text(), fileName: file.name } : { text: '', fileName: '' };
}

/** What the file has, and what adding it would do. */
async function looked(event: RequestEvent, form: FormData): Promise<ReadFile> {
  const { calendars } = event.locals.api;
  const { text, fileName } = await fileOf(form);
  const read = await calendars.readFile({ id: id(event), text });
  const tried = { id: id(event), version: numberIn(form, 'version'), text, dryRun: true };
  const { effect } = read.added.length > 0 ? await calendars.importDays(tried) : { effect: null };
  return { ...read, text, fileName, effect: effect && !isNothing(effect) ? effect : null };
}

export const actions: Actions = {
  save: (event) =>
    runLookedForm(event, calendarForm, {
      run: (input, dryRun) => event.locals.api.calendars.update({ id: id(event), ...input, dryRun }),
      done: () => backTo(event)
    }),
  addDay: (event) =>
    runLookedForm(event, dayForm, {
      run: async (input, dryRun) => ({
        ...(await event.locals.api.calendars.addDay({ id: id(event), ...input, dryRun })),
        on: addDayInput.shape.on.parse(input.on)
      }),
      done: ({ on }) => backTo(event, on.slice(0, 4))
    }),
  updateDay: async (event) => {
    const was = textIn(await event.request.clone().formData(), 'was');
    return runLookedForm(event, dayForm, {
      run: (input, dryRun) => event.locals.api.calendars.updateDay({ id: id(event), was, ...input, dryRun }),
      done: () => backTo(event)
    });
  },
  removeDay: (event) =>
    runLookedAction(event, {
      run: (form, dryRun) =>
        event.locals.api.calendars.removeDay({
          id: id(event),
          version: numberIn(form, 'version'),
          on: textIn(form, 'on'),
          dryRun
        })
    }),
  readFile: (event) =>
    runAction(event, async (form) => ({ action: '?/readFile', file: await looked(event, form) })),
  importDays: (event) =>
    runAction(event, async (form) => {
      const input = {
        ...{ id: id(event), version: numberIn(form, 'version'), text: textIn(form, 'text') },
        fileName: nameIn(form, 'fileName')
      };
      await event.locals.api.calendars.importDays(input);
      backTo(event);
    }),
  remove: (event) =>
    runAction(event, async (form) => {
      await event.locals.api.calendars.remove({ id: id(event), version: numberIn(form, 'version') });
      redirect(303, '/admin/calendars');
    })
};
