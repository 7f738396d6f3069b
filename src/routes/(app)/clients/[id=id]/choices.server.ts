import type { Api } from '#lib/platform/trpc/caller.server.ts';

/**
 * People and products for the plain lists that stand in for typeaheads where there is no JavaScript; fetched only
 * when the address shows a form that holds one.
 */
export async function plainChoices(api: Api, params: URLSearchParams) {
  const shows = (...steps: string[]) =>
    steps.some((step) => params.get('step') === step || params.has(`/${step}`));
  const products = shows('holding', 'log') || params.get('log') === 'new_business';
  return {
    colleagues: shows('assign', 'plan') ? await api.people.options({ function: 'rm', mine: true }) : [],
    products: products ? await api.catalogue.search({ q: '', limit: 50 }) : []
  };
}

/** A client's queries for the composer, those that are resolved too: whoever resolved one is asked to log it. */
export async function queriesToName(api: Api, clientId: number) {
  const { items } = await api.queries.list({ filter: { clientId }, limit: 50 });
  return items.map(({ id, number, subject }) => ({ id, number, title: subject }));
}
