import { redirect } from '@sveltejs/kit';
import * as z from 'zod';
import { VIEW_MODULES, createViewInput, updateViewInput, type ViewModule } from '#lib/views/model.ts';
import { canonicalParams, viewHref } from '#lib/views/params.ts';
import { numberIn, runAction, runForm } from '#lib/ui/form.server.ts';
import { queryOf } from '#lib/ui/query.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { api }, url }) => {
  const query = queryOf(url);
  const module = query.oneOf('module', VIEW_MODULES) ?? VIEW_MODULES[0];
  return {
    module,
    /** The filters to be saved, where somebody comes from a list to save them. */
    params: canonicalParams(module, query.text('params') ?? ''),
    views: await api.views.list({ filter: { module } })
  };
};

const back = (module: ViewModule) => redirect(303, `/views?module=${module}`);

// The list the form stood on, to return to: `module` belongs to the form, not to the procedure.
const updateForm = updateViewInput.extend({ module: z.enum(VIEW_MODULES) });

export const actions: Actions = {
  create: (event) =>
    runForm(event, createViewInput, async (input) => {
      const { module, params } = await event.locals.api.views.create(input);
      redirect(303, viewHref(module, params));
    }),
  update: (event) =>
    runForm(event, updateForm, async ({ module, ...input }) => {
      const { params } = await event.locals.api.views.update(input);
      if (input.params === undefined) back(module);
      redirect(303, viewHref(module, params));
    }),
  move: (event) =>
    runAction(event, async (form) => {
      await event.locals.api.views.move({ id: numberIn(form, 'id'), to: numberIn(form, 'to') });
    }),
  remove: (event) =>
    runAction(event, async (form) => {
      const id = numberIn(form, 'id');
      const { module } = await event.locals.api.views.remove({ id, version: numberIn(form, 'version') });
      back(module);
    })
};
