import { redirect, type RequestEvent } from '@sveltejs/kit';
import { holdActions } from '#lib/clocks/hold-actions.server.ts';
import { latestRounds } from '#lib/clocks/rounds.ts';
import { conversionOf, convertForm, followUpForm, leadInputs } from '#lib/leads/page-inputs.ts';
import { stepIn, type LeadStep } from '#lib/leads/steps.ts';
import { numberIn, runAction, runForm } from '#lib/ui/form.server.ts';
import type { Actions, PageServerLoad } from './$types';

type Api = App.Locals['api'];
type Lead = Awaited<ReturnType<Api['leads']['byId']>>;

export const load: PageServerLoad = async ({ locals: { api, actor }, params, url }) => {
  const lead = await api.leads.byId({ id: Number(params.id) });
  const asked = stepIn(url);
  const step = asked && lead.can[asked] ? asked : null;
  const { denial_reason: reasons, client_type: types } = await api.settings.lists();
  return {
    lead,
    standing: step ? null : await api.notifications.about({ kind: 'lead', id: lead.id }),
    step,
    reasons,
    clocks: actor?.grants['clocks.view']
      ? latestRounds(await api.clocks.forSubject({ kind: 'lead', id: lead.id }))
      : [],
    colleagues: step === 'assign' ? await api.people.options({ function: 'rm', mine: true }) : [],
    review: lead.can.convert && !step ? ((await api.duplicates.own({ leadId: lead.id }))[0] ?? null) : null,
    conversion: step === 'convert' ? await conversionData(api, lead, types) : null
  };
};

async function conversionData(api: Api, lead: Lead, types: { key: string; label: string }[]) {
  return {
    types,
    matches: await api.leads.matches({ id: lead.id }),
    clients: (await api.clients.list({ sort: { by: 'name' }, limit: 100 })).items,
    products: await api.catalogue.search({ q: '', limit: 50 })
  };
}

const id = ({ params }: RequestEvent) => Number(params.id);

export const actions = {
  ...holdActions,
  assign: (event) =>
    runForm(event, leadInputs.assign, async (input) => {
      await event.locals.api.leads.assign({ id: id(event), ...input });
    }),
  contact: (event) =>
    runForm(event, leadInputs.contact, async (input) => {
      await event.locals.api.leads.logContact({ id: id(event), ...input });
    }),
  correct: (event) =>
    runForm(event, leadInputs.correct, async ({ occurredAt, ...input }) => {
      await event.locals.api.leads.updateContact({ ...input, ...(occurredAt && { occurredAt }) });
    }),
  remove: (event) =>
    runAction(event, async (form) => {
      const contact = { id: numberIn(form, 'id'), version: numberIn(form, 'version') };
      await event.locals.api.leads.deleteContact(contact);
      redirect(303, `/leads/${id(event)}`);
    }),
  followUp: (event) =>
    runForm(event, followUpForm, async (input) => {
      await event.locals.api.leads.update({ ...input, id: id(event) });
    }),
  convert: (event) =>
    runForm(event, convertForm, async (input) => ({
      conversion: await event.locals.api.leads.convert({ id: id(event), ...conversionOf(input) })
    })),
  deny: (event) =>
    runForm(event, leadInputs.deny, async (input) => {
      await event.locals.api.leads.deny({ id: id(event), ...input });
    }),
  reopen: (event) =>
    runForm(event, leadInputs.reopen, async (input) => {
      await event.locals.api.leads.reopen({ id: id(event), ...input });
    })
} satisfies Record<LeadStep, Actions[string]> & Actions;
