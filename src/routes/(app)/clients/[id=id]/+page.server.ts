import { holdActions } from '#lib/clocks/hold-actions.server.ts';
import { latestRounds } from '#lib/clocks/rounds.ts';
import { redirect, type RequestEvent } from '@sveltejs/kit';
import { TIMELINE_KINDS } from '#lib/clients/model.ts';
import { recordInputs, tagsOf } from '#lib/clients/page-inputs.ts';
import { holdingForm } from '#lib/holdings/page-inputs.ts';
import { logForm } from '#lib/interactions/page-inputs.ts';
import { wayOf } from '#lib/interactions/ways.ts';
import { numberIn, runAction, runForm } from '#lib/ui/form.server.ts';
import { queryOf } from '#lib/ui/query.ts';
import { plainChoices, queriesToName } from './choices.server.ts';
import { orMoved } from './moved.server.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, params, url, isDataRequest, untrack }) => {
  const { api, actor } = locals;
  const id = Number(params.id);
  const query = queryOf(url);
  const kind = query.oneOf('kind', TIMELINE_KINDS);
  const [client, timeline, clocks, lists, queries, dependents, choices, standing] = await orMoved(
    api,
    id,
    Promise.all([
      api.clients.byId({ id }),
      api.clients.timeline({ clientId: id, kinds: kind && [kind], cursor: query.cursor }),
      actor?.grants['clocks.view'] ? api.clocks.forSubject({ kind: 'client', id }) : [],
      api.settings.lists(),
      query.text('log') === 'query_resolution' ? queriesToName(api, id) : null,
      query.text('step') === 'delete' ? api.clients.dependents({ id }) : null,
      // With JavaScript the typeaheads ask for themselves.
      untrack(() => plainChoices(api, isDataRequest ? new URLSearchParams() : url.searchParams)),
      api.notifications.about({ kind: 'client', id })
    ])
  );
  return {
    client,
    kind,
    timeline,
    clocks: latestRounds(clocks),
    lists,
    queries,
    dependents,
    choices,
    standing
  };
};

const clientId = ({ params }: RequestEvent) => Number(params.id);
const partOf = (event: RequestEvent, form: FormData) => ({
  clientId: clientId(event),
  id: numberIn(form, 'part')
});

export const actions: Actions = {
  ...holdActions,
  log: (event) =>
    runForm(event, logForm, async ({ subject, direction = 'outbound', ...said }) => {
      const { clients, interactions } = event.locals.api;
      if (said.channel === 'note') {
        const body = [subject, said.body].filter(Boolean).join('\n');
        await clients.addNote({ clientId: clientId(event), body });
      } else {
        await interactions.log({
          ...said,
          clientId: clientId(event),
          direction,
          subject: subject || (wayOf(said.channel)?.label ?? 'Conversation')
        });
      }
    }),
  revealPan: (event) => runAction(event, () => event.locals.api.clients.revealPan({ id: clientId(event) })),
  assign: (event) =>
    runForm(event, recordInputs.assign, async (input) => {
      await event.locals.api.clients.assign({ id: clientId(event), ...input });
    }),
  plan: (event) =>
    runForm(event, recordInputs.plan, async (input) => {
      await event.locals.api.clients.planContact({ id: clientId(event), ...input });
    }),
  archive: (event) =>
    runAction(event, async (form) => {
      await event.locals.api.clients.archive({ id: clientId(event), version: numberIn(form, 'version') });
    }),
  restore: (event) =>
    runAction(event, async (form) => {
      await event.locals.api.clients.restore({ id: clientId(event), version: numberIn(form, 'version') });
    }),
  delete: (event) =>
    runAction(event, async (form) => {
      await event.locals.api.clients.delete({ id: clientId(event), version: numberIn(form, 'version') });
      redirect(303, '/clients');
    }),
  contact: (event) =>
    runForm(event, recordInputs.contact, async ({ part, kind = 'phone', label, value, primary }) => {
      const { contactPoints } = event.locals.api.clients;
      if (part) await contactPoints.update({ clientId: clientId(event), id: part, label, value });
      else await contactPoints.add({ clientId: clientId(event), kind, label, value, primary });
    }),
  removeContact: (event) =>
    runAction(event, (form) => event.locals.api.clients.contactPoints.remove(partOf(event, form))),
  primaryContact: (event) =>
    runAction(event, (form) => event.locals.api.clients.contactPoints.setPrimary(partOf(event, form))),
  address: (event) =>
    runForm(event, recordInputs.address, async ({ part, ...input }) => {
      const { addresses } = event.locals.api.clients;
      if (part) await addresses.update({ clientId: clientId(event), id: part, ...input });
      else await addresses.add({ clientId: clientId(event), ...input });
    }),
  removeAddress: (event) =>
    runAction(event, (form) => event.locals.api.clients.addresses.remove(partOf(event, form))),
  tags: (event) =>
    runForm(event, recordInputs.tags, async ({ tags }) => {
      await event.locals.api.clients.setTags({ clientId: clientId(event), tags: tagsOf(tags) });
    }),
  holding: (event) =>
    runForm(event, holdingForm, async (input) => {
      await event.locals.api.holdings.add({ clientId: clientId(event), ...input });
    })
};
