import { describe, expect, it } from 'vitest';
import { DEFAULT_ROLES } from '#lib/people/default-roles.ts';
import { PERMISSIONS, type Scope } from '#lib/platform/auth/permissions.ts';

/**
 * Who may do what in the wealth profile, as the product's table has it: a row for each module, a column for head,
 * relationship manager and operations executive, written `scope: verbs; scope: verbs`. Administrators have all of it.
 */
const TABLE: Record<string, [head: string, rm: string, ops: string]> = {
  leads: ['team: view create edit assign convert deny reopen', 'own: view create edit convert deny', ''],
  clients: [
    'team: view create edit assign handover archive revealPan',
    'own: view create edit revealPan',
    'own: view edit revealPan'
  ],
  holdings: ['team: view create edit', 'own: view create edit', 'own: view create edit'],
  interactions: ['team: view create edit', 'own: view create edit', 'own: view create edit'],
  comments: ['team: view create', 'own: view create', 'own: view create'],
  media: ['team: view create edit', 'own: view create edit', 'own: view create edit'],
  queries: [
    'team: view create edit assign start resolve close reopen',
    'own: view create edit start resolve close reopen',
    'own: view start resolve'
  ],
  requests: [
    'all: view; team: create edit assign start wait complete reject reopen takeNext',
    'own: view create',
    'team: view edit start wait complete reject takeNext; all: create'
  ],
  orders: [
    'team: view create edit assign confirm ship deliver cancel pay',
    'own: view create edit',
    'own: view ship'
  ],
  catalogue: ['all: view', 'all: view', 'all: view stock'],
  network: ['all: view manage', 'all: view', 'all: view'],
  assessments: ['', '', ''],
  roundtables: ['', '', ''],
  clocks: ['team: view acknowledge snooze', 'own: view acknowledge snooze', 'own: view acknowledge snooze'],
  notifications: ['own: view', 'own: view', 'own: view'],
  people: ['team: view edit', 'own: view edit', 'own: view edit'],
  reports: ['team: view', 'own: view', 'own: view'],
  data: ['team: export import', 'own: import', 'own: import'],
  admin: ['', '', '']
};

/** `team: view edit; all: create` of clients → clients.view team, clients.edit team, clients.create all. */
function grantsOf(module: string, cell: string): [string, Scope][] {
  return cell
    .split(';')
    .map((part) => part.trim().split(': '))
    .filter((part): part is [Scope, string] => part.length === 2)
    .flatMap(([scope, verbs]) =>
      verbs.split(' ').map((verb): [string, Scope] => [`${module}.${verb}`, scope])
    );
}

const column = (index: 0 | 1 | 2) =>
  Object.fromEntries(Object.entries(TABLE).flatMap(([module, row]) => grantsOf(module, row[index])));

const shipped = (key: string) => DEFAULT_ROLES.find((role) => role.key === key)?.grants;

describe('the roles as shipped', () => {
  it('are the product’s table, nothing more and nothing less', () => {
    expect(shipped('head')).toEqual(column(0));
    expect(shipped('rm_executive')).toEqual(column(1));
    expect(shipped('ops_executive')).toEqual(column(2));
  });

  it('give administrators everything', () => {
    expect(shipped('administrator')).toEqual(Object.fromEntries(PERMISSIONS.map((one) => [one, 'all'])));
  });

  it('have a row in the table for each module of the vocabulary', () => {
    expect(Object.keys(TABLE).sort()).toEqual(
      [...new Set(PERMISSIONS.map((one) => one.split('.')[0]))].sort()
    );
  });
});
