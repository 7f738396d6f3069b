import { error, redirect } from '@sveltejs/kit';
import { grantFields, updateRoleInput } from '#lib/people/role-inputs.ts';
import { runForm } from '#lib/ui/form.server.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { api }, params }) => {
  const role = await api.roles.byId({ id: Number(params.id) });
  if (!role.canEdit) error(403, 'You may not change this role.');
  const { id, version, name, level, people, grants } = role;
  return { role: { id, version, name, people }, values: { name, level, ...grantFields(grants) } };
};

export const actions: Actions = {
  default: (event) =>
    runForm(event, updateRoleInput, async (input) => {
      await event.locals.api.roles.update(input);
      redirect(303, `/admin/roles/${input.id}`);
    })
};
