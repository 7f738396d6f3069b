import { PRIORITIES, WAITING_ON } from './model.ts';
import { dueFilter } from './due.ts';
import type { queryOf } from '#lib/ui/query.ts';

type Asked = ReturnType<typeof queryOf>;

/** The filters that the lists of queries and requests share, as their addresses say them. */
export function sharedFilters(asked: Asked) {
  // Older addresses say `overdue=true`.
  const due = asked.text('due') ?? (asked.flag('overdue') && 'overdue');
  return {
    /** As the control shows it. */
    shownDue: due,
    q: asked.text('q'),
    priority: asked.oneOf('priority', PRIORITIES),
    waitingOn: asked.oneOf('waitingOn', [...WAITING_ON, 'nobody'] as const),
    ...dueFilter(due),
    teamId: asked.id('team'),
    clientId: asked.id('client')
  };
}

/** Whose work: `rm=7`, `rm=me` or `rm=people`; the same for `assignee`. */
export function whose(asked: Asked, name: string) {
  const mine = asked.text(name) === 'me' || asked.flag('mine');
  const people = asked.text(name) === 'people' || undefined;
  return { mine: mine || undefined, people, personId: mine ? undefined : asked.id(name) };
}

/** What is finished is shown when somebody asks for it; a board has a column for it. */
export function statusesOf<Status extends string>(
  asked: 'all' | Status | undefined,
  unfinished: readonly Status[],
  board: boolean
): Status[] | undefined {
  if (asked === 'all' || (board && asked === undefined)) return undefined;
  return asked === undefined ? [...unfinished] : [asked];
}
