import type { RequestEvent } from '@sveltejs/kit';
import { holdActions } from '#lib/clocks/hold-actions.server.ts';
import { commentInput, deskInputs } from '#lib/desk/page-inputs.ts';
import { stepIn } from '#lib/desk/steps.ts';
import { numberIn, runAction, runForm } from '#lib/ui/form.server.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, params, url }) => {
  const { api } = locals;
  const id = Number(params.id);
  const request = await api.requests.byId({ id });
  return {
    request,
    standing: await api.notifications.about({ kind: 'request', id }),
    clocks: await api.clocks.forSubject({ kind: 'request', id }),
    ...(stepIn(url) === 'assign' && request.can.assign
      ? await assignable(locals, request.status === 'pending')
      : { colleagues: [], queues: [] })
  };
};

/** Whom a request may go to: people, or a team's queue while nobody has begun. */
async function assignable({ api, actor }: App.Locals, pending: boolean) {
  const teams = pending ? (await api.teams.list({ filter: { function: 'ops' } })).items : [];
  const mine = teams.filter(
    ({ id, active }) => active && (actor?.seesAll || actor?.headedTeamIds.includes(id))
  );
  return {
    colleagues: await api.people.options({ function: 'ops', mine: true }),
    queues: mine.map(({ id, name }) => ({ value: id, label: name }))
  };
}

const id = ({ params }: RequestEvent) => Number(params.id);

export const actions: Actions = {
  ...holdActions,
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
      const subject = { subjectKind: 'request' as const, subjectId: id(event) };
      await event.locals.api.comments.add({ ...subject, body });
    })
};
