import { runAction } from '#lib/ui/form.server.ts';
import { numberIn } from '#lib/ui/form.server.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { api, actor }, params }) => {
  const id = Number(params.id);
  const person = await api.people.byId({ id });
  const work = actor?.grants['admin.users'] && person.can.administer ? await api.people.work({ id }) : null;
  return { person, work };
};

export const actions: Actions = {
  invite: (event) => runAction(event, () => event.locals.api.people.invite({ id: Number(event.params.id) })),
  withdraw: (event) =>
    runAction(event, () => event.locals.api.people.withdrawInvitation({ id: Number(event.params.id) })),
  resetPassword: (event) =>
    runAction(event, () => event.locals.api.people.resetPassword({ id: Number(event.params.id) })),
  endSessions: (event) =>
    runAction(event, () => event.locals.api.people.endSessions({ id: Number(event.params.id) })),
  reactivate: (event) =>
    runAction(event, (form) =>
      event.locals.api.people.reactivate({ id: Number(event.params.id), version: numberIn(form, 'version') })
    )
};
