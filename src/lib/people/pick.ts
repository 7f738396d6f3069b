import type { Choice } from '#lib/ui/choice.ts';

interface Colleague {
  id: number;
  name: string;
  team: string | null;
}

/** Loaded with the first question: most who see a typeahead never ask it anything. */
const ask = async () => (await import('#lib/platform/trpc/client.ts')).api;

/** Colleagues as a typeahead offers them. */
export const asChoices = (people: readonly Colleague[]): Choice[] =>
  people.map(({ id, name, team }) => ({ value: id, label: name, detail: team }));

/** Asks for colleagues one may hand work of this function to. */
export const searchPeople = (of: 'rm' | 'ops') => async (q: string) =>
  asChoices(await (await ask()).people.options.query({ q, function: of, mine: true }));

/** Asks for any active colleague. */
export const searchAnybody = async (q: string) => asChoices(await (await ask()).people.options.query({ q }));
