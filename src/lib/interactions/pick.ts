import { api } from '#lib/platform/trpc/client.ts';
import type { Choice } from '#lib/ui/choice.ts';
import type { LinkKind } from './model.ts';

interface Linkable {
  id: number;
  number: string;
  name: string;
}

/** A client's queries, requests or leads as a typeahead offers them. */
export const asLinkChoices = (found: readonly Linkable[]): Choice[] =>
  found.map(({ id, number, name }) => ({ value: id, label: `${number} ${name}` }));

/** Asks for work of that kind; nothing while no client is chosen. */
export const searchLinks = (clientId: number | null, kind: LinkKind) => async (q: string) =>
  clientId === null ? [] : asLinkChoices(await api.interactions.linkable.query({ clientId, kind, q }));
