import {
  may,
  type Actor,
  type Grants,
  type Level,
  type Permission,
  type Scope
} from '#lib/platform/auth/permissions.ts';

const RANK: Record<Scope, number> = { own: 1, team: 2, all: 3 };

type Holder = Pick<Actor, 'level' | 'grants'>;

/** Administrators who look after roles: they could give themselves anything by way of a colleague. */
export const holdsEverything = (actor: Holder) => actor.level === 0 && may(actor, 'admin.roles');

/** What of these grants the actor does not hold as far himself, and so cannot give to anybody. */
export function grantsBeyond(actor: Holder, grants: Grants): Permission[] {
  if (holdsEverything(actor)) return [];
  return (Object.entries(grants) as [Permission, Scope][])
    .filter(
      ([permission, scope]) =>
        RANK[scope] > RANK[actor.grants[permission] ?? 'own'] || !may(actor, permission)
    )
    .map(([permission]) => permission);
}

/** Is there nothing in the role that the actor does not hold? The database's `app.role_within` says the same. */
export const isWithin = (actor: Holder, role: { level: Level; grants: Grants }) =>
  holdsEverything(actor) || (role.level >= actor.level && grantsBeyond(actor, role.grants).length === 0);
