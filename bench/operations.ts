import type { Area } from './options.ts';

/** A procedure that is measured, with the rates to beat: those of the best-known open CRM on this stack, times a factor. */
export interface Operation {
  area: Area;
  title: string;
  procedure: string;
  kind: 'query' | 'mutation';
  /** A second at 16 connections. */
  aim?: number;
}

export const OPERATIONS: Operation[] = [
  { area: 'list', title: 'List of 50', procedure: 'clients.list', kind: 'query', aim: 40 * 20 },
  { area: 'search', title: 'Search', procedure: 'clients.search', kind: 'query', aim: 210 * 8 },
  { area: 'record', title: 'Record', procedure: 'clients.byId', kind: 'query', aim: 345 * 5 },
  { area: 'dashboard', title: 'Dashboard', procedure: 'home.today', kind: 'query', aim: 28 * 8 },
  { area: 'log', title: 'Log an interaction', procedure: 'interactions.log', kind: 'mutation' },
  { area: 'create', title: 'Create a client', procedure: 'clients.create', kind: 'mutation', aim: 50 * 20 }
];

export const LEVELS = ['executive', 'head', 'administrator'] as const;
export type LevelName = (typeof LEVELS)[number];

/** At how many connections everything is measured. */
export const CONNECTIONS = [1, 16] as const;
