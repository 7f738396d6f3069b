import type { Area } from './options.ts';

/** A procedure that is measured, with the rates to beat: those of the best-known open CRM on this stack, times a factor. */
export interface Operation {
  area: Area;
  title: string;
  procedure: string;
  kind: 'query' | 'mutation';
  /** What is sent, where it is the same in every call. */
  input?: object;
  /** A second at 16 connections. */
  aim?: number;
  /** Measured over HTTP alone, in half the time. */
  brief?: true;
  /** How long 95 of 100 calls on one connection shall take at most, in milliseconds. */
  within?: number;
}

const brief = (area: Area, title: string, procedure: string, input?: object): Operation => ({
  area,
  title,
  procedure,
  kind: 'query',
  ...(input && { input }),
  brief: true,
  within: 100
});

const sortedBy = (by: string, direction: 'asc' | 'desc') => ({ sort: { by, direction } });

export const OPERATIONS: Operation[] = [
  { area: 'list', title: 'List of 50', procedure: 'clients.list', kind: 'query', aim: 40 * 20 },
  { area: 'search', title: 'Search', procedure: 'clients.search', kind: 'query', aim: 210 * 8 },
  { area: 'record', title: 'Record', procedure: 'clients.byId', kind: 'query', aim: 345 * 5 },
  { area: 'dashboard', title: 'Dashboard', procedure: 'home.today', kind: 'query', aim: 28 * 8 },
  { area: 'log', title: 'Log an interaction', procedure: 'interactions.log', kind: 'mutation' },
  { area: 'create', title: 'Create a client', procedure: 'clients.create', kind: 'mutation', aim: 50 * 20 },
  brief('lists', 'Interactions', 'interactions.list'),
  brief('lists', 'Interactions by word', 'interactions.list', { filter: { q: 'redemption' } }),
  brief('lists', 'Leads', 'leads.list'),
  brief('lists', 'Catalogue', 'catalogue.list', { filter: { active: true } }),
  brief('holdings', 'Holdings of a product', 'holdings.totals'),
  brief('sorts', 'Leads by value', 'leads.list', sortedBy('value', 'desc')),
  brief('sorts', 'Leads by RM', 'leads.list', sortedBy('rm', 'asc')),
  brief('sorts', 'Clients by contact', 'clients.list', sortedBy('lastContact', 'asc')),
  brief('sorts', 'Clients by open work', 'clients.list', sortedBy('openWork', 'desc')),
  brief('sorts', 'Requests by priority', 'requests.list', sortedBy('priority', 'desc')),
  brief('sorts', 'Queries by due', 'queries.list', sortedBy('due', 'asc')),
  brief('boards', 'Board of leads', 'leads.board'),
  brief('boards', 'Board of queries', 'queries.board'),
  brief('boards', 'Board of requests', 'requests.board'),
  brief('catalogue', 'Scheme typeahead', 'catalogue.search'),
  brief('everything', 'Search everything', 'search.everything')
];

export const LEVELS = ['executive', 'head', 'administrator'] as const;
export type LevelName = (typeof LEVELS)[number];

/** At how many connections everything is measured. */
export const CONNECTIONS = [1, 16] as const;
