import { PRIORITIES, WAITING_ON } from './model.ts';
import { DUE } from './inputs.ts';
import type { queryOf } from '#lib/ui/query.ts';

type Asked = ReturnType<typeof queryOf>;

/** The filters that the lists of queries and requests share, as their addresses say them. */
export function sharedFilters(asked: Asked) {
  return {
    q: asked.text('q'),
    priority: asked.oneOf('priority', PRIORITIES),
    waitingOn: asked.oneOf('waitingOn', [...WAITING_ON, 'nobody'] as const),
    // Older addresses say `overdue=true`.
    due: asked.oneOf('due', DUE) ?? (asked.flag('overdue') && ('overdue' as const)),
    teamId: asked.id('team'),
    clientId: asked.id('client')
  };
}

/** Whose work: `rm=7`, or `rm=me`; the same for `assignee`. */
export function whose(asked: Asked, name: string) {
  const mine = asked.text(name) === 'me' || asked.flag('mine');
  return { mine: mine || undefined, personId: mine ? undefined : asked.id(name) };
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
