/**
 * The closed vocabulary of what people may do. A grant is a permission with a scope; roles hold grants.
 * Safe in the browser: buttons and procedures ask the same questions.
 */
const VOCABULARY = {
  leads: ['view', 'create', 'edit', 'assign', 'delete', 'convert', 'deny', 'reopen'],
  clients: ['view', 'create', 'edit', 'assign', 'delete', 'archive', 'merge', 'handover', 'revealPan'],
  holdings: ['view', 'create', 'edit', 'delete'],
  interactions: ['view', 'create', 'edit', 'delete'],
  comments: ['view', 'create'],
  queries: ['view', 'create', 'edit', 'assign', 'delete', 'start', 'resolve', 'close', 'reopen'],
  requests: [
    'view',
    'create',
    'edit',
    'assign',
    'delete',
    'start',
    'wait',
    'complete',
    'reject',
    'reopen',
    'takeNext'
  ],
  orders: ['view', 'create', 'edit', 'assign', 'delete', 'confirm', 'ship', 'deliver', 'cancel', 'pay'],
  media: ['view', 'create', 'edit', 'delete'],
  catalogue: ['view', 'manage', 'stock'],
  network: ['view', 'manage'],
  assessments: ['view', 'edit'],
  roundtables: ['view', 'edit'],
  clocks: ['view', 'acknowledge', 'snooze'],
  notifications: ['view'],
  people: ['view', 'edit'],
  reports: ['view'],
  data: ['export', 'import'],
  admin: [
    'users',
    'teams',
    'roles',
    'lists',
    'policies',
    'settings',
    'channels',
    'audit',
    'jobs',
    'outbox',
    'tokens'
  ]
} as const;

type Vocabulary = typeof VOCABULARY;
type PermissionOf<M extends keyof Vocabulary> = M extends string ? `${M}.${Vocabulary[M][number]}` : never;

/** One thing a person may do, `module.verb`. */
export type Permission = { [M in keyof Vocabulary]: PermissionOf<M> }[keyof Vocabulary];

/** How far a grant reaches: the actor's own records, those of his people, everybody's. */
export type Scope = 'own' | 'team' | 'all';

/** 0 administrator, 1 head, 2 executive. */
export type Level = 0 | 1 | 2;

export type Grants = Partial<Record<Permission, Scope>>;

/** Every permission there is, in the order of the vocabulary. */
export const PERMISSIONS = Object.entries(VOCABULARY).flatMap(([module, verbs]) =>
  verbs.map((verb) => `${module}.${verb}` as Permission)
);

/** The signed-in person, as far as deciding what he may do needs it. */
export interface Actor {
  userId: number;
  name: string;
  level: Level;
  /** Teams he belongs to. */
  teamIds: number[];
  /** Teams whose head he is; empty for executives. */
  headedTeamIds: number[];
  /** Himself and, for a head, the members of his teams; the records of these people are his to see. */
  visibleUserIds: number[];
  /** Himself and the members of the teams he heads, of an administrator too: whose work is his to look after. */
  peopleIds: number[];
  /** Administrators: rows are not narrowed by person. */
  seesAll: boolean;
  grants: Grants;
  capabilities: string[];
  sessionId: string | null;
}

/** Who a record belongs to. */
export interface Owners {
  userIds?: (number | null)[];
  teamIds?: (number | null)[];
}

/** Does the actor hold the permission in any scope? */
export function may(actor: Pick<Actor, 'grants'>, permission: Permission): boolean {
  return actor.grants[permission] !== undefined;
}

/**
 * Does the actor's grant of this permission reach a record with these owners?
 * `own` reaches what is his; `team` also what his people own or what is with a team of his; `all` everything.
 */
export function inScope(actor: Actor, permission: Permission, owners: Owners): boolean {
  const scope = actor.grants[permission];
  const userIds = owners.userIds ?? [];
  if (scope === undefined) return false;
  if (scope === 'all' || userIds.includes(actor.userId)) return true;
  if (scope === 'own') return false;
  const teams = [...actor.headedTeamIds, ...actor.teamIds];
  return (
    userIds.some((id) => id !== null && actor.visibleUserIds.includes(id)) ||
    (owners.teamIds ?? []).some((id) => id !== null && teams.includes(id))
  );
}
