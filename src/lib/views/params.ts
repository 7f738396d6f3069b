import type { ViewModule } from './model.ts';

/** What the addresses of the lists may hold and a view keeps. */
const KNOWN: Record<ViewModule, readonly string[]> = {
  leads: [
    ...['q', 'status', 'mode', 'rm', 'obtainedBy', 'team', 'product', 'followUp', 'age', 'promise'],
    ...['mainTeam', 'reason'],
    ...['valueFrom', 'valueTo', 'from', 'to', 'moved', 'movedFrom', 'movedTo', 'sort', 'view']
  ],
  clients: ['q', 'rm', 'type', 'tier', 'tag', 'language', 'attention', 'reviewDue', 'lifecycle', 'sort'],
  interactions: ['q', 'client', 'user', 'purpose', 'channel', 'direction', 'from', 'to', 'sort'],
  queries: [
    ...['q', 'status', 'rm', 'mine', 'team', 'client', 'priority', 'due', 'overdue'],
    ...['waitingOn', 'sort', 'view']
  ],
  requests: [
    ...['q', 'status', 'type', 'assignee', 'mine', 'team', 'client', 'priority', 'due', 'overdue'],
    ...['waitingOn', 'sort', 'view']
  ],
  catalogue: ['q', 'category', 'kind', 'house', 'state', 'sort']
};

const MOST = 1000;

/**
 * The parameters of a list's address that make a view, in one order always, so that two addresses that mean the same
 * are the same text. The page within the list is no part of it.
 */
export function canonicalParams(module: ViewModule, search: string | URLSearchParams): string {
  const given = new URLSearchParams(search);
  const kept = new URLSearchParams();
  for (const name of [...KNOWN[module]].sort())
    for (const value of given.getAll(name)) if (value.trim() !== '') kept.append(name, value.trim());
  const text = kept.toString();
  return text.length > MOST ? '' : text;
}

/** The list's address with these parameters. */
export const viewHref = (module: ViewModule, params: string): string =>
  params ? `/${module}?${params}` : `/${module}`;
