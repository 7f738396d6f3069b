import { CHANNELS, DIRECTIONS, INTERACTION_SORTS, PURPOSES } from '#lib/interactions/model.ts';
import { fromLocalInput } from '#lib/ui/format.ts';
import { queryOf } from '#lib/ui/query.ts';
import type { PageServerLoad } from './$types';

const DAY_MS = 86_400_000;

export const load: PageServerLoad = async ({ locals: { api }, url, parent }) => {
  const query = queryOf(url);
  const shown = {
    q: query.text('q'),
    clientId: query.id('client'),
    userId: query.id('user'),
    purpose: query.oneOf('purpose', PURPOSES),
    channel: query.oneOf('channel', CHANNELS),
    direction: query.oneOf('direction', DIRECTIONS),
    from: query.day('from'),
    to: query.day('to')
  };
  const { timeZone } = (await parent()).me;
  /** The start of a day where the reader is. */
  const start = (day: string) => fromLocalInput(day, timeZone);
  const filter = {
    ...shown,
    from: shown.from ? start(shown.from) : undefined,
    to: shown.to ? start(dayAfter(shown.to)) : undefined
  };
  const [interactions, colleagues, client] = await Promise.all([
    api.interactions.list({ filter, sort: query.sort(INTERACTION_SORTS), cursor: query.cursor }),
    api.people.options({ mine: true }),
    shown.clientId ? api.clients.byId({ id: shown.clientId }) : null
  ]);
  return { filter: shown, interactions, colleagues, client: client && { id: client.id, name: client.name } };
};

const dayAfter = (day: string) => new Date(Date.parse(day) + DAY_MS).toISOString().slice(0, 10);
