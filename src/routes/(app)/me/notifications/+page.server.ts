import { chooseInput, isMutable } from '#lib/notifications/model.ts';
import { LANGUAGE_CODES } from '#lib/people/languages.ts';
import { digestsInput } from '#lib/people/user-inputs.ts';
import { numberIn, runAction, runForm } from '#lib/ui/form.server.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { api } }) => ({
  choices: await api.notifications.choices({}),
  muted: await api.notifications.muted({}),
  person: await api.people.me({})
});

export const actions: Actions = {
  choose: (event) =>
    runForm(event, chooseInput, async (input) => {
      await event.locals.api.notifications.choose(input);
    }),
  digests: (event) =>
    runForm(event, digestsInput, async (input) => {
      const { people } = event.locals.api;
      const { phone, extension, timeZone, language: code } = await people.me({});
      const language = LANGUAGE_CODES.find((one) => one === code) ?? 'en';
      await people.updateProfile({ phone, extension, timeZone, language, ...input });
    }),
  unmute: (event) =>
    runAction(event, async (form) => {
      const kind = form.get('kind');
      if (typeof kind === 'string' && isMutable(kind))
        await event.locals.api.notifications.unmute({ kind, id: numberIn(form, 'id') });
    })
};
