import { error, redirect, type RequestEvent } from '@sveltejs/kit';
import { subjectFor } from '#lib/interactions/model.ts';
import { PURPOSES } from '#lib/interactions/kinds.ts';
import { newInteractionForm } from '#lib/interactions/page-inputs.ts';
import type { Api } from '#lib/platform/trpc/caller.server.ts';
import { runForm } from '#lib/ui/form.server.ts';
import { queryOf } from '#lib/ui/query.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { api, actor }, url, isDataRequest }) => {
  if (!actor?.grants['interactions.create']) error(403, 'You may not log interactions.');
  const query = queryOf(url);
  const clientId = query.id('client');
  const purpose = query.oneOf('purpose', PURPOSES);
  if (purpose === 'portfolio_review')
    redirect(303, clientId ? `/interactions/review?client=${clientId}` : '/interactions/review');
  return {
    client: clientId ? (await api.interactions.context({ clientId })).client : null,
    about: {
      purpose,
      productId: query.id('product'),
      queryId: query.id('query'),
      requestId: query.id('request'),
      leadId: query.id('lead')
    },
    // With JavaScript the typeaheads ask for themselves.
    choices: isDataRequest ? null : await plainChoices(api, clientId)
  };
};

/** What the lists that stand in for typeaheads offer where there is no JavaScript. */
async function plainChoices(api: Api, clientId: number | undefined) {
  const linkable = (kind: 'query' | 'request' | 'lead') =>
    clientId ? api.interactions.linkable({ clientId, kind }) : [];
  return {
    clients: clientId ? [] : (await api.clients.list({ limit: 100 })).items,
    products: await api.catalogue.search({ q: '', limit: 50 }),
    query: await linkable('query'),
    request: await linkable('request'),
    lead: await linkable('lead')
  };
}

const log = (event: RequestEvent, work: (logged: { id: number }) => Promise<Record<string, unknown>>) =>
  runForm(event, newInteractionForm, async (input) => {
    const subject = subjectFor(input.channel, input);
    return work(await event.locals.api.interactions.log({ ...input, subject }));
  });

export const actions: Actions = {
  /** From the page: on to what was logged. */
  log: (event) => log(event, ({ id }) => redirect(303, `/interactions/${id}`)),
  /** From the dialog, which stays where it was opened. */
  stay: (event) =>
    log(event, async ({ id }) => {
      const { purpose, query } = await event.locals.api.interactions.byId({ id });
      const open = purpose === 'query_resolution' && query && ['open', 'in_progress'].includes(query.status);
      return { logged: { id, query: open ? { id: query.id, number: query.number } : null } };
    })
};
