import { addItemInput, renameItemInput } from '#lib/settings/list-inputs.ts';
import { LISTS } from '#lib/settings/model.ts';
import { numberIn, runAction, runForm } from '#lib/ui/form.server.ts';
import { queryOf } from '#lib/ui/query.ts';
import { redirect } from '@sveltejs/kit';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { api }, url }) => {
  const query = queryOf(url);
  return {
    list: query.oneOf('list', LISTS) ?? LISTS[0],
    renaming: query.id('rename'),
    lists: await api.settings.managedLists()
  };
};

const versioned = (form: FormData) => ({ id: numberIn(form, 'id'), version: numberIn(form, 'version') });

export const actions: Actions = {
  add: (event) =>
    runForm(event, addItemInput, async (input) => {
      await event.locals.api.settings.addItem(input);
    }),
  rename: (event) =>
    runForm(event, renameItemInput, async (input) => {
      const { list } = await event.locals.api.settings.renameItem(input);
      redirect(303, `/admin/lists?list=${list}`);
    }),
  move: (event) =>
    runAction(event, async (form) => {
      await event.locals.api.settings.moveItem({ id: numberIn(form, 'id'), to: numberIn(form, 'to') });
    }),
  activate: (event) =>
    runAction(event, async (form) => {
      await event.locals.api.settings.setItemActive({ ...versioned(form), active: true });
    }),
  deactivate: (event) =>
    runAction(event, async (form) => {
      await event.locals.api.settings.setItemActive({ ...versioned(form), active: false });
    }),
  remove: (event) =>
    runAction(event, async (form) => {
      await event.locals.api.settings.removeItem(versioned(form));
    })
};
