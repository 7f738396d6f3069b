import type { RequestEvent } from '@sveltejs/kit';
import { holdActions } from '#lib/clocks/hold-actions.server.ts';
import { commentInput, deskInputs } from '#lib/desk/page-inputs.ts';
import { stepIn } from '#lib/desk/steps.ts';
import { numberIn, runAction, runForm } from '#lib/ui/form.server.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { api }, params, url }) => {
  const id = Number(params.id);
  const query = await api.queries.byId({ id });
  return {
    query,
    standing: await api.notifications.about({ kind: 'query', id }),
    clocks: await api.clocks.forSubject({ kind: 'query', id }),
    colleagues:
      stepIn(url) === 'assign' && query.can.assign
        ? await api.people.options({ function: 'rm', mine: true })
        : []
  };
};

const id = ({ params }: RequestEvent) => Number(params.id);

export const actions: Actions = {
  ...holdActions,
  start: (event) =>
    runAction(event, async (form) => {
      await event.locals.api.queries.start({ id: id(event), version: numberIn(form, 'version') });
    }),
  resume: (event) =>
    runAction(event, async (form) => {
      await event.locals.api.queries.resume({ id: id(event), version: numberIn(form, 'version') });
    }),
  close: (event) =>
    runAction(event, async (form) => {
      await event.locals.api.queries.close({ id: id(event), version: numberIn(form, 'version') });
    }),
  assign: (event) =>
    runForm(event, deskInputs.assignQuery, async (input) => {
      await event.locals.api.queries.assign({ id: id(event), ...input });
    }),
  wait: (event) =>
    runForm(event, deskInputs.wait, async (input) => {
      await event.locals.api.queries.wait({ id: id(event), ...input });
    }),
  resolve: (event) =>
    runForm(event, deskInputs.resolve, async (input) => {
      await event.locals.api.queries.resolve({ id: id(event), ...input });
    }),
  reopen: (event) =>
    runForm(event, deskInputs.reason, async (input) => {
      await event.locals.api.queries.reopen({ id: id(event), ...input });
    }),
  comment: (event) =>
    runForm(event, commentInput, async ({ body }) => {
      const subject = { subjectKind: 'query' as const, subjectId: id(event) };
      await event.locals.api.comments.add({ ...subject, body });
    })
};
