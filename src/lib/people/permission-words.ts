import { PERMISSIONS, type Level, type Permission, type Scope } from '#lib/platform/auth/permissions.ts';

const SCOPE_NAMES: Record<Scope, string> = { own: 'Own', team: 'Team', all: 'All' };

const MODULES: Record<string, string> = {
  leads: 'Leads',
  clients: 'Clients',
  holdings: 'Holdings',
  interactions: 'Interactions',
  comments: 'Comments',
  queries: 'Queries',
  requests: 'Service requests',
  orders: 'Orders',
  media: 'Files',
  catalogue: 'Catalogue',
  network: 'Network',
  assessments: 'Assessments',
  roundtables: 'Roundtables',
  clocks: 'Deadlines',
  notifications: 'Notifications',
  people: 'Colleagues',
  reports: 'Reports',
  data: 'Import and export',
  admin: 'Administration'
};

const VERBS: Record<string, string> = {
  view: 'See',
  create: 'Add',
  edit: 'Change',
  assign: 'Assign',
  delete: 'Delete',
  convert: 'Convert',
  deny: 'Deny',
  reopen: 'Reopen',
  archive: 'Archive',
  merge: 'Merge two into one',
  handover: 'Hand over a book',
  revealPan: 'Show a PAN in full',
  start: 'Start',
  resolve: 'Resolve',
  close: 'Close',
  wait: 'Put on hold',
  complete: 'Complete',
  reject: 'Reject',
  takeNext: 'Take the next from the queue',
  confirm: 'Confirm',
  ship: 'Ship',
  deliver: 'Deliver',
  cancel: 'Cancel',
  pay: 'Record payments',
  manage: 'Look after',
  stock: 'Move stock',
  acknowledge: 'Acknowledge',
  snooze: 'Put off',
  export: 'Export',
  import: 'Import',
  users: 'Users',
  teams: 'Teams',
  roles: 'Roles',
  lists: 'Lists and request types',
  policies: 'Deadlines and calendars',
  settings: 'Firm settings',
  channels: 'Channels',
  audit: 'Audit trail',
  jobs: 'Jobs',
  outbox: 'Outgoing mail',
  tokens: 'Access for programs'
};

const SPECIAL: Partial<Record<Permission, string>> = {
  'people.view': 'See phone, e-mail and leave',
  'people.edit': 'Set profile and leave',
  'clocks.view': 'See'
};

const inWords = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);

const moduleName = (module: string) => MODULES[module] ?? inWords(module);

export const permissionName = (permission: Permission) => {
  const verb = permission.split('.')[1] ?? '';
  return SPECIAL[permission] ?? VERBS[verb] ?? inWords(verb);
};

/** `Leads: convert`. */
export function permissionSentence(permission: Permission): string {
  const name = permissionName(permission);
  return `${moduleName(permission.split('.')[0] ?? '')}: ${name.charAt(0).toLowerCase()}${name.slice(1)}`;
}

/** What is the whole firm's: one has it or not. */
const FIRM_WIDE = new Set(['catalogue', 'network', 'admin']);
const PERSONAL = new Set(['notifications']);

/** The scopes that make sense for a permission. */
export function scopesOf(permission: Permission): Scope[] {
  const module = permission.split('.')[0] ?? '';
  if (FIRM_WIDE.has(module)) return ['all'];
  return PERSONAL.has(module) ? ['own'] : ['own', 'team', 'all'];
}

/** How a choice is written where there is only one. */
export const scopeLabel = (permission: Permission, scope: Scope) =>
  scopesOf(permission).length === 1 ? 'Yes' : SCOPE_NAMES[scope];

export interface PermissionGroup {
  module: string;
  name: string;
  permissions: Permission[];
}

/** The vocabulary by module, in its order. */
export const PERMISSION_GROUPS: PermissionGroup[] = Object.entries(
  Object.groupBy(PERMISSIONS, (permission) => permission.split('.')[0] ?? '')
).map(([module, permissions = []]) => ({ module, name: moduleName(module), permissions }));

/** Work that waits in a team's queue is its members' to see. */
const QUEUED = new Set(['queries', 'requests']);

/**
 * Why a scope reaches no further than somebody of this level sees, whatever the grant says; null where it does. What
 * is seen is decided by the level: executives their own records, heads those of their teams, administrators all.
 */
export function reachNote(level: Level, permission: Permission, scope: Scope): string | null {
  const module = permission.split('.')[0] ?? '';
  if (level === 0 || scope === 'own' || scopesOf(permission).length === 1) return null;
  if (permission === 'requests.create' && scope === 'all') return null;
  if (permission === 'requests.view' && level === 1) return null;
  if (level === 1)
    return scope === 'all' ? 'Heads see their teams only, so this reaches no further than “team”' : null;
  if (QUEUED.has(module))
    return scope === 'all'
      ? 'Executives see their own work and their teams’ queues, so this reaches no further than “team”'
      : null;
  return 'Executives see their own records only, so this reaches no further than “own”';
}
