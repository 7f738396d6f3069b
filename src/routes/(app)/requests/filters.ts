import { REQUEST_SORTS } from '#lib/desk/inputs.ts';
import { sharedFilters, statusesOf, whose } from '#lib/desk/list-url.ts';
import { REQUEST_STATUSES } from '#lib/desk/model.ts';
import { queryOf } from '#lib/ui/query.ts';

const UNFINISHED = ['pending', 'in_progress'] as const;

/** What the address of the list asks for: as the controls show it, and as `requests.list` takes it. */
export function wantedIn(url: URL) {
  const asked = queryOf(url);
  const board = asked.oneOf('view', ['board']) !== undefined;
  const { mine, people, personId: assigneeId } = whose(asked, 'assignee');
  const unassigned = asked.text('assignee') === 'nobody' || undefined;
  const status = asked.oneOf('status', ['all', ...REQUEST_STATUSES]);
  const { priority, shownDue, ...shared } = sharedFilters(asked);
  const typeId = asked.id('type');
  const filter = {
    ...shared,
    typeId,
    mine,
    people,
    assigneeId,
    unassigned,
    status: statusesOf(status, UNFINISHED, board),
    priority: priority && [priority]
  };
  const named = mine ? ('me' as const) : unassigned ? ('nobody' as const) : undefined;
  const assignee = named ?? (people ? ('people' as const) : assigneeId);
  const shown = { ...shared, typeId, priority, status, due: shownDue, assignee };
  return { board, shown, filter, sort: asked.sort(REQUEST_SORTS), cursor: asked.cursor };
}
