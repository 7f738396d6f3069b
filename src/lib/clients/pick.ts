import { api } from '#lib/platform/trpc/client.ts';
import type { Choice } from '#lib/ui/choice.ts';

interface Named {
  id: number;
  name: string;
  number: string;
}

/** Clients as a typeahead offers them. */
export const asClientChoices = (clients: readonly Named[]): Choice[] =>
  clients.map(({ id, name, number }) => ({ value: id, label: name, detail: number }));

/** Asks for clients; `minimal` also finds, by name and number, those one may only open a request for. */
export const searchClients = (minimal: boolean) => async (q: string) => {
  if (q === '') return asClientChoices((await api.clients.list.query({ limit: 10 })).items);
  return asClientChoices(await api.clients.search.query({ q, minimal }));
};
