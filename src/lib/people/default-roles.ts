import {
  PERMISSIONS,
  type Grants,
  type Level,
  type Permission,
  type Scope
} from '#lib/platform/auth/permissions.ts';

export interface DefaultRole {
  key: string;
  name: string;
  level: Level;
  grants: Grants;
}

/** `grant('team', 'leads', 'view create')` → `{ 'leads.view': 'team', 'leads.create': 'team' }`. */
function grant(scope: Scope, module: string, verbs: string): Grants {
  return Object.fromEntries(verbs.split(' ').map((verb) => [`${module}.${verb}` as Permission, scope]));
}

const everything = Object.fromEntries(PERMISSIONS.map((permission) => [permission, 'all'])) as Grants;

const everybody: Grants = {
  ...grant('own', 'notifications', 'view'),
  ...grant('all', 'catalogue', 'view'),
  ...grant('all', 'network', 'view'),
  ...grant('own', 'people', 'view edit'),
  ...grant('own', 'reports', 'view')
};

const head: Grants = {
  ...everybody,
  ...grant('team', 'leads', 'view create edit assign convert deny reopen'),
  ...grant('team', 'clients', 'view create edit assign handover archive revealPan'),
  ...grant('team', 'holdings', 'view create edit'),
  ...grant('team', 'interactions', 'view create edit'),
  ...grant('team', 'comments', 'view create'),
  ...grant('team', 'media', 'view create edit'),
  ...grant('team', 'queries', 'view create edit assign start resolve close reopen'),
  ...grant('all', 'requests', 'view'),
  ...grant('team', 'requests', 'create edit assign start wait complete reject reopen takeNext'),
  ...grant('team', 'orders', 'view create edit assign confirm ship deliver cancel pay'),
  ...grant('all', 'network', 'manage'),
  ...grant('team', 'clocks', 'view acknowledge snooze'),
  ...grant('team', 'people', 'view edit'),
  ...grant('team', 'reports', 'view'),
  ...grant('team', 'data', 'export import')
};

const rmExecutive: Grants = {
  ...everybody,
  ...grant('own', 'leads', 'view create edit convert deny'),
  ...grant('own', 'clients', 'view create edit revealPan'),
  ...grant('own', 'holdings', 'view create edit'),
  ...grant('own', 'interactions', 'view create edit'),
  ...grant('own', 'comments', 'view create'),
  ...grant('own', 'media', 'view create edit'),
  ...grant('own', 'queries', 'view create edit start resolve close reopen'),
  ...grant('own', 'requests', 'view create'),
  ...grant('own', 'orders', 'view create edit'),
  ...grant('own', 'clocks', 'view acknowledge snooze'),
  ...grant('own', 'data', 'import')
};

const opsExecutive: Grants = {
  ...everybody,
  ...grant('own', 'clients', 'view edit revealPan'),
  ...grant('own', 'holdings', 'view create edit'),
  ...grant('own', 'interactions', 'view create edit'),
  ...grant('own', 'comments', 'view create'),
  ...grant('own', 'media', 'view create edit'),
  ...grant('own', 'queries', 'view start resolve'),
  ...grant('team', 'requests', 'view edit start wait complete reject takeNext'),
  ...grant('all', 'requests', 'create'),
  ...grant('own', 'orders', 'view ship'),
  ...grant('all', 'catalogue', 'stock'),
  ...grant('own', 'clocks', 'view acknowledge snooze'),
  ...grant('own', 'data', 'import')
};

/** The roles of the wealth profile as they are shipped; the firm may change them and add its own. */
export const DEFAULT_ROLES: DefaultRole[] = [
  { key: 'administrator', name: 'Administrator', level: 0, grants: everything },
  { key: 'head', name: 'Head', level: 1, grants: head },
  { key: 'rm_executive', name: 'Relationship manager', level: 2, grants: rmExecutive },
  { key: 'ops_executive', name: 'Operations executive', level: 2, grants: opsExecutive }
];
