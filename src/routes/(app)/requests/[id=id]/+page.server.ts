import type { RequestEvent } from '@sveltejs/kit';
import { commentInput, deskInputs } from '#lib/desk/page-inputs.ts';
import { numberIn, runAction, runForm } from '#lib/ui/form.server.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { api }, params }) => {
  const id = Number(params.id);
  const request = await api.requests.byId({ id });
  return {
    request,
    clocks: await api.clocks.forSubject({ kind: 'request', id }),
    colleagues: request.can.assign ? await api.people.options({ function: 'ops', mine: true }) : []
  };
};

const id = ({ params }: RequestEvent) => Number(params.id);

export const actions: Actions = {
  start: (event) =>
    runAction(event, async (form) => {
      await event.locals.api.requests.start({ id: id(event), version: numberIn(form, 'version') });
    }),
  resume: (event) =>
    runAction(event, async (form) => {
      await event.locals.api.requests.resume({ id: id(event), version: numberIn(form, 'version') });
    }),
  check: (event) =>
    runAction(event, async (form) => {
      const step = { step: numberIn(form, 'step'), done: form.get('done') === 'true' };
      await event.locals.api.requests.check({ id: id(event), version: numberIn(form, 'version'), ...step });
    }),
  assign: (event) =>
    runForm(event, deskInputs.assignRequest, async (input) => {
      await event.locals.api.requests.assign({ id: id(event), ...input });
    }),
  wait: (event) =>
    runForm(event, deskInputs.wait, async (input) => {
      await event.locals.api.requests.wait({ id: id(event), ...input });
    }),
  complete: (event) =>
    runForm(event, deskInputs.complete, async (input) => {
      await event.locals.api.requests.complete({ id: id(event), ...input });
    }),
  reject: (event) =>
    runForm(event, deskInputs.reason, async (input) => {
      await event.locals.api.requests.reject({ id: id(event), ...input });
    }),
  reopen: (event) =>
    runForm(event, deskInputs.reason, async (input) => {
      await event.locals.api.requests.reopen({ id: id(event), ...input });
    }),
  comment: (event) =>
    runForm(event, commentInput, async ({ body }) => {
      await event.locals.api.comments.add({ subjectKind: 'request', subjectId: id(event), body });
    })
};
