import { randomUUID } from 'node:crypto';
import { and, eq, inArray, sql } from 'drizzle-orm';
import {
  PERMISSIONS,
  type Actor,
  type Grants,
  type Level,
  type Permission,
  type Scope
} from '#lib/platform/auth/permissions.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { Conflict, Forbidden, NotFound, RuleViolation } from '#lib/platform/errors.ts';
import { decideInTurn, mustLeaveAnAdministrator } from './administrators.server.ts';
import { grantFields, grantsFrom, type CreateRoleInput, type UpdateRoleInput } from './role-inputs.ts';
import { mustHold, roleById, shippedRole } from './role-reads.server.ts';
import { roleGrants, roles } from './schema.server.ts';

interface Wanted {
  name: string;
  level: Level;
  grants: Grants;
}

const wanted = ({ name, level, grants }: CreateRoleInput): Wanted => ({
  name,
  level: level as Level,
  grants: grantsFrom(grants)
});

/** Adds a role of the firm's own, with nothing in it that the actor does not hold himself. */
export async function createRole(tx: Tx, actor: Actor, input: CreateRoleInput): Promise<{ id: number }> {
  await decideInTurn(tx, actor, 'admin.roles');
  const role = wanted(input);
  mustHold(actor, role);
  await mustBeNewName(tx, role.name, 0);
  const [added] = await tx
    .insert(roles)
    .values({ key: `own_${randomUUID()}`, name: role.name, level: role.level })
    .returning({ id: roles.id });
  if (!added) throw new Error('The role was not added');
  await setGrants(tx, added.id, {}, role.grants);
  return added;
}

/** Changes a role; those who hold it have the change at their next request. */
export async function updateRole(tx: Tx, actor: Actor, input: UpdateRoleInput): Promise<void> {
  await change(tx, actor, input, wanted(input));
}

/** Gives a built-in role the level and the grants it is shipped with; its name stays. */
export async function resetRole(tx: Tx, actor: Actor, input: { id: number; version: number }): Promise<void> {
  const current = await roleById(tx, actor, input.id);
  const shipped = shippedRole(current.key);
  if (!shipped) throw new RuleViolation('Only the roles that come with Rapport can be reset');
  await change(tx, actor, input, { ...shipped, name: current.name });
}

async function change(tx: Tx, actor: Actor, { id, version }: { id: number; version: number }, next: Wanted) {
  await decideInTurn(tx, actor, 'admin.roles');
  const current = await roleById(tx, actor, id);
  if (current.version !== version) throw new Conflict(undefined, { current: asForm(current) });
  mustBeOthers(actor, current);
  mustHold(actor, next);
  await mustBeNewName(tx, next.name, id);
  if (next.level === 2) await mustHeadNoTeam(tx, id);
  const [changed] = await tx
    .update(roles)
    .set({ name: next.name, level: next.level, version: sql`${roles.version} + 1` })
    .where(and(eq(roles.id, id), eq(roles.version, version)))
    .returning({ id: roles.id });
  if (!changed) throw new Conflict(undefined, { current: asForm(await roleById(tx, actor, id)) });
  await setGrants(tx, id, current.grants, next.grants);
  await mustLeaveAnAdministrator(tx);
}

/** A role by the names of its form's fields, with the permissions it does not hold. */
const asForm = (role: Awaited<ReturnType<typeof roleById>>) => ({
  ...role,
  ...Object.fromEntries(PERMISSIONS.map((permission) => [`grants.${permission}`, ''])),
  ...grantFields(role.grants)
});

/** Removes a role of the firm's own that nobody holds. */
export async function removeRole(
  tx: Tx,
  actor: Actor,
  input: { id: number; version: number }
): Promise<void> {
  await decideInTurn(tx, actor, 'admin.roles');
  const current = await roleById(tx, actor, input.id);
  if (current.builtIn)
    throw new RuleViolation(`${current.name} comes with Rapport: it can be changed, not deleted`);
  if (current.version !== input.version) throw new Conflict(undefined, { current: asForm(current) });
  mustBeOthers(actor, current);
  if (current.everHeld > 0) {
    const away = current.everHeld - current.people;
    const gone = away > 0 ? `, ${away} of them deactivated` : '';
    throw new RuleViolation(
      `${current.everHeld} ${current.everHeld === 1 ? 'person holds' : 'people hold'} this role${gone}. Give them another first`
    );
  }
  const removed = await tx.delete(roles).where(eq(roles.id, input.id)).returning({ id: roles.id });
  if (removed.length === 0) throw new NotFound();
}

function mustBeOthers(actor: Actor, role: Awaited<ReturnType<typeof roleById>>): void {
  if (role.canEdit) return;
  mustHold(actor, role);
  throw new Forbidden('Somebody else must change the role you hold yourself');
}

async function mustBeNewName(tx: Tx, name: string, id: number): Promise<void> {
  const [taken] = await tx.execute(
    sql`select 1 from roles where lower(name) = lower(${name}) and id <> ${id}`
  );
  if (taken) throw new RuleViolation('Another role has this name', { field: 'name' });
}

/** An executive sees nobody's work but his own, so his teams would be without a head. */
async function mustHeadNoTeam(tx: Tx, roleId: number): Promise<void> {
  const headed = await tx.execute<{ name: string }>(sql`
    select t.name from teams t join users u on u.id = t.head_id where u.role_id = ${roleId} order by t.name limit 3`);
  if (headed.length > 0)
    throw new RuleViolation(
      `People with this role head ${headed.map(({ name }) => name).join(', ')}: an executive heads no team`,
      { field: 'level' }
    );
}

/** Writes only what is different, so that the audit trail says what was changed. */
async function setGrants(tx: Tx, roleId: number, before: Grants, after: Grants): Promise<void> {
  const old = Object.keys(before) as Permission[];
  const next = Object.entries(after) as [Permission, Scope][];
  const gone = old.filter((permission) => after[permission] === undefined);
  if (gone.length > 0)
    await tx
      .delete(roleGrants)
      .where(and(eq(roleGrants.roleId, roleId), inArray(roleGrants.permission, gone)));
  const added = next.filter(([permission]) => before[permission] === undefined);
  if (added.length > 0)
    await tx.insert(roleGrants).values(added.map(([permission, scope]) => ({ roleId, permission, scope })));
  for (const [permission, scope] of next)
    if (before[permission] !== undefined && before[permission] !== scope)
      await tx
        .update(roleGrants)
        .set({ scope })
        .where(and(eq(roleGrants.roleId, roleId), eq(roleGrants.permission, permission)));
}
