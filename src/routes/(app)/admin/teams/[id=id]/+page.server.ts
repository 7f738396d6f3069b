import { redirect } from '@sveltejs/kit';
import { asChoices } from '#lib/people/pick.ts';
import { addMemberForm } from '#lib/people/team-inputs.ts';
import { numberIn, runAction, runForm } from '#lib/ui/form.server.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { api, actor }, params }) => {
  const id = Number(params.id);
  const manages = actor?.grants['admin.teams'] !== undefined;
  const [team, work, options] = await Promise.all([
    api.teams.byId({ id }),
    manages ? api.teams.work({ id }) : null,
    manages ? api.people.options({}) : []
  ]);
  const inside = new Set(team.members.map((member) => member.id));
  return { team, work, manages, others: asChoices(options).filter(({ value }) => !inside.has(value)) };
};

export const actions: Actions = {
  add: (event) =>
    runForm(event, addMemberForm, async ({ userId }) => {
      await event.locals.api.teams.addMember({ teamId: Number(event.params.id), userId });
    }),
  take: (event) =>
    runAction(event, async (form) => {
      const teamId = Number(event.params.id);
      await event.locals.api.teams.removeMember({ teamId, userId: numberIn(form, 'userId') });
    }),
  remove: (event) =>
    runAction(event, async (form) => {
      await event.locals.api.teams.remove({
        id: Number(event.params.id),
        version: numberIn(form, 'version')
      });
      redirect(303, '/admin/teams');
    })
};
