import { error, redirect } from '@sveltejs/kit';
import { createRoleInput, grantFields } from '#lib/people/role-inputs.ts';
import { runForm } from '#lib/ui/form.server.ts';
import { queryOf } from '#lib/ui/query.ts';
import type { Actions, PageServerLoad } from './$types';

/** `?copy=3` starts with what that role may do. */
export const load: PageServerLoad = async ({ locals: { api, actor }, url }) => {
  if (!actor?.grants['admin.roles']) error(403, 'You may not add roles.');
  const id = queryOf(url).id('copy');
  const model = id === undefined ? null : await api.roles.byId({ id });
  return {
    model: model?.name ?? null,
    values: model
      ? { name: `${model.name} (copy)`, level: model.level, ...grantFields(model.grants) }
      : { level: 2 }
  };
};

export const actions: Actions = {
  default: (event) =>
    runForm(event, createRoleInput, async (input) => {
      const { id } = await event.locals.api.roles.create(input);
      redirect(303, `/admin/roles/${id}`);
    })
};
