import { error } from '@sveltejs/kit';
import { updateFirmInput } from '#lib/settings/firm.ts';
import { LOCALES, currencies, currencyName, localeName, timeZones } from '#lib/settings/zones.ts';
import { numberIn, runAction, runForm } from '#lib/ui/form.server.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { api } }) => ({
  settings: await api.settings.firm(),
  zones: timeZones(),
  currencies: currencies().map((code) => ({ value: code, label: `${code} – ${currencyName(code)}` })),
  locales: LOCALES.map((locale) => ({ value: locale, label: localeName(locale) }))
});

async function pictureIn(form: FormData): Promise<string> {
  const file = form.get('logo');
  if (!(file instanceof File) || file.size === 0) error(400, 'Choose a picture first');
  return Buffer.from(await file.arrayBuffer()).toString('base64');
}

export const actions: Actions = {
  save: (event) =>
    runForm(event, updateFirmInput, async (input) => {
      await event.locals.api.settings.updateFirm(input);
    }),
  logo: (event) =>
    runAction(event, async (form) => {
      const data = await pictureIn(form);
      await event.locals.api.settings.setLogo({ version: numberIn(form, 'version'), data });
    }),
  removeLogo: (event) =>
    runAction(event, async (form) => {
      await event.locals.api.settings.removeLogo({ version: numberIn(form, 'version') });
    })
};
