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
