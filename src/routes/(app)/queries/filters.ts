import { QUERY_SORTS } from '#lib/desk/inputs.ts';
import { sharedFilters, statusesOf, whose } from '#lib/desk/list-url.ts';
import { QUERY_STATUSES } from '#lib/desk/model.ts';
import { queryOf } from '#lib/ui/query.ts';

const UNFINISHED = ['open', 'in_progress'] as const;

/** What the address of the list asks for: as the controls show it, and as `queries.list` takes it. */
export function wantedIn(url: URL) {
  const asked = queryOf(url);
  const board = asked.oneOf('view', ['board']) !== undefined;
  const { mine, people, personId: rmId } = whose(asked, 'rm');
  const status = asked.oneOf('status', ['all', ...QUERY_STATUSES]);
  const { priority, shownDue, ...shared } = sharedFilters(asked);
  const filter = {
    ...shared,
    mine,
    people,
    rmId,
    status: statusesOf(status, UNFINISHED, board),
    priority: priority && [priority]
  };
  const rm = mine ? ('me' as const) : people ? ('people' as const) : rmId;
  const shown = { ...shared, priority, status, due: shownDue, rm };
  return { board, shown, filter, sort: asked.sort(QUERY_SORTS), cursor: asked.cursor };
}
