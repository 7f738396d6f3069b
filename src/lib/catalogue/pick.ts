import type { Choice } from '#lib/ui/choice.ts';

interface Named {
  id: number;
  name: string;
  sku: string | null;
  schemeCode?: string | null;
  fundHouse?: string | null;
}

/** Loaded with the first question: most who see a typeahead never ask it anything. */
const ask = async () => (await import('#lib/platform/trpc/client.ts')).api;

/** Products as a typeahead offers them. */
export const asProductChoices = (products: readonly Named[]): Choice[] =>
  products.map(({ id, name, sku, schemeCode, fundHouse }) => ({
    value: id,
    label: name,
    detail: [sku ?? schemeCode, fundHouse].filter(Boolean).join(' · ') || null
  }));

export const searchProducts = async (q: string) =>
  asProductChoices(await (await ask()).catalogue.search.query({ q, limit: 10 }));
