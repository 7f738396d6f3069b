import { asc, eq, sql } from 'drizzle-orm';
import type { Actor, Grants, Level } from '#lib/platform/auth/permissions.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { Forbidden, NotFound } from '#lib/platform/errors.ts';
import { DEFAULT_ROLES, type DefaultRole } from './default-roles.ts';
import { permissionSentence } from './permission-words.ts';
import { grantsBeyond, isWithin } from './rights.ts';
import { roles } from './schema.server.ts';

const grantsOf = sql<Grants>`(
  select coalesce(jsonb_object_agg(g.permission, g.scope), '{}') from role_grants g where g.role_id = roles.id)`;

const holders = sql<number>`(select count(*)::int from users u where u.role_id = roles.id and u.active)`;
const everHeld = sql<number>`(select count(*)::int from users u where u.role_id = roles.id)`;

const columns = {
  id: roles.id,
  key: roles.key,
  name: roles.name,
  level: sql<Level>`${roles.level}`,
  version: roles.version,
  grants: grantsOf,
  people: holders,
  everHeld
};

/** The role a firm is shipped with under this key, if it is one of those. */
export const shippedRole = (key: string): DefaultRole | undefined =>
  DEFAULT_ROLES.find((role) => role.key === key);

function differs(grants: Grants, level: Level, shipped: DefaultRole): boolean {
  const written = (all: Grants) => JSON.stringify(Object.entries(all).sort());
  return level !== shipped.level || written(grants) !== written(shipped.grants);
}

type Row = Omit<Awaited<ReturnType<typeof rowsOf>>[number], never>;

const rowsOf = (tx: Tx) =>
  tx.select(columns).from(roles).orderBy(asc(roles.level), asc(roles.name), asc(roles.id));

function described(actor: Actor, row: Row) {
  const shipped = shippedRole(row.key);
  const mine = isWithin(actor, row);
  return {
    ...row,
    builtIn: shipped !== undefined,
    /** A built-in role that the firm has changed. */
    changed: shipped !== undefined && differs(row.grants, row.level, shipped),
    /** Whether the actor may give it to somebody. */
    mayGive: mine
  };
}

/** Every role, administrators' first; a firm has a dozen. */
export async function listRoles(tx: Tx, actor: Actor) {
  const items = (await rowsOf(tx)).map((row) => described(actor, row));
  return { items, nextCursor: null, total: items.length, totalIsEstimate: false };
}

/** One role with who holds it: active people by name. Throws NotFound. */
export async function roleById(tx: Tx, actor: Actor, id: number) {
  const [row] = await tx.select(columns).from(roles).where(eq(roles.id, id));
  if (!row) throw new NotFound();
  const people = await tx.execute<{ id: number; name: string }>(sql`
    select u.id, u.name from users u where u.role_id = ${id} and u.active order by u.name, u.id limit 200`);
  const role = described(actor, row);
  const held = actor.level !== 0 && (await roleOf(tx, actor.userId)) === id;
  return { ...role, holders: [...people], canEdit: role.mayGive && !held };
}

async function roleOf(tx: Tx, userId: number): Promise<number | undefined> {
  const [row] = await tx.execute<{ role_id: number }>(sql`select role_id from users where id = ${userId}`);
  return row?.role_id;
}

/** A role the actor may give somebody. Throws NotFound, or Forbidden naming what he does not hold himself. */
export async function roleToGive(tx: Tx, actor: Actor, id: number) {
  const [row] = await tx.select(columns).from(roles).where(eq(roles.id, id));
  if (!row) throw new NotFound();
  mustHold(actor, row);
  return row;
}

/** Nobody hands out what he does not hold. */
export function mustHold(actor: Actor, role: { name: string; level: Level; grants: Grants }): void {
  if (isWithin(actor, role)) return;
  const [first, ...others] = grantsBeyond(actor, role.grants);
  const what = first
    ? `“${permissionSentence(first)}”${others.length > 0 ? ` and ${others.length} more` : ''}`
    : 'its level';
  throw new Forbidden(`${role.name} may do more than you: ${what}. An administrator must do this`);
}
