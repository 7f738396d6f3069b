import { INTERACTION_SORTS } from '#lib/interactions/model.ts';
import { CHANNELS, DIRECTIONS, PURPOSES } from '#lib/interactions/kinds.ts';
import { queryOf } from '#lib/ui/query.ts';

/** What the address of the list asks for: as the controls show it, and as `interactions.list` takes it. */
export function wantedIn(url: URL) {
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
  return { shown, filter: { ...rest, fromDay, toDay }, sort: query.sort(INTERACTION_SORTS) };
}
