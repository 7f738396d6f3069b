import { api } from '#lib/platform/trpc/client.ts';
import type { Choice } from '#lib/ui/choice.ts';

interface Colleague {
  id: number;
  name: string;
  team: string | null;
}

/** Colleagues as a typeahead offers them. */
export const asChoices = (people: readonly Colleague[]): Choice[] =>
  people.map(({ id, name, team }) => ({ value: id, label: name, detail: team }));

/** Asks for colleagues one may hand work of this function to. */
export const searchPeople = (of: 'rm' | 'ops') => async (q: string) =>
  asChoices(await api.people.options.query({ q, function: of, mine: true }));

/** Asks for any active colleague. */
export const searchAnybody = async (q: string) => asChoices(await api.people.options.query({ q }));
