import { CHANNELS, DIRECTIONS, INTERACTION_SORTS, PURPOSES } from '#lib/interactions/model.ts';
import { queryOf } from '#lib/ui/query.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { api }, url }) => {
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
  const { from: fromDay, to: toDay, ...rest } = shown;
  const filter = { ...rest, fromDay, toDay };
  const [interactions, colleagues, client] = await Promise.all([
    api.interactions.list({ filter, sort: query.sort(INTERACTION_SORTS), cursor: query.cursor }),
    api.people.options({ mine: true }),
    shown.clientId ? api.clients.byId({ id: shown.clientId }) : null
  ]);
  return { filter: shown, interactions, colleagues, client: client && { id: client.id, name: client.name } };
};
