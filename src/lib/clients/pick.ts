import type { Choice } from '#lib/ui/choice.ts';

interface Named {
  id: number;
  name: string;
  number: string;
}

/** Loaded with the first question: most who see a typeahead never ask it anything. */
const ask = async () => (await import('#lib/platform/trpc/client.ts')).api;

/** Clients as a typeahead offers them. */
export const asClientChoices = (clients: readonly Named[]): Choice[] =>
  clients.map(({ id, name, number }) => ({ value: id, label: name, detail: number }));

/** Asks for clients; `minimal` also finds, by name and number, those one may only open a request for. */
export const searchClients = (minimal: boolean) => async (q: string) => {
  if (q === '') return asClientChoices((await (await ask()).clients.list.query({ limit: 10 })).items);
  return asClientChoices(await (await ask()).clients.search.query({ q, minimal }));
};
