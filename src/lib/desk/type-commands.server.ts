import { and, asc, eq, ne, sql } from 'drizzle-orm';
import type { z } from 'zod';
import { forgetTypePolicies, promiseType, repromiseType } from '#lib/clocks/type-promise.server.ts';
import { teams } from '#lib/people/schema.server.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { Conflict, NotFound, RuleViolation } from '#lib/platform/errors.ts';
import { keyFor } from './request-fields.ts';
import { requestTypes, serviceRequests } from './schema.server.ts';
import { moved } from './type-editing.ts';
import type { createTypeInput, moveTypeInput, updateTypeInput } from './type-inputs.ts';
import { typeById } from './type-reads.server.ts';

type Create = z.infer<typeof createTypeInput>;
type Update = z.infer<typeof updateTypeInput>;

interface ChangedType {
  id: number;
  key: string;
  version: number;
}

/** Requests wait in queues of operations. */
async function mustBeOperations(tx: Tx, teamId: number | null | undefined): Promise<void> {
  if (teamId === null || teamId === undefined) return;
  const [team] = await tx
    .select({ name: teams.name, function: teams.function, active: teams.active })
    .from(teams)
    .where(eq(teams.id, teamId));
  if (!team) throw new NotFound();
  const field = { field: 'defaultTeamId' };
  if (team.function !== 'ops')
    throw new RuleViolation(`${team.name} is no team of operations. Please choose one that is`, field);
  if (!team.active)
    throw new RuleViolation(`${team.name} is no longer active. Please choose another team`, field);
}

async function mustBeNew(tx: Tx, name: string, exceptId = 0): Promise<void> {
  const [same] = await tx
    .select({ id: requestTypes.id })
    .from(requestTypes)
    .where(and(sql`lower(${requestTypes.name}) = ${name.toLowerCase()}`, ne(requestTypes.id, exceptId)));
  if (same) throw new RuleViolation(`There is a type “${name}” already`, { field: 'name' });
}

function mustDiffer(fields: { key: string; label: string }[]): void {
  for (const [n, field] of fields.entries()) {
    const before = fields.slice(0, n);
    if (before.some(({ key }) => key === field.key))
      throw new RuleViolation(`Two fields have the key “${field.key}”`);
    if (before.some(({ label }) => label.toLowerCase() === field.label.toLowerCase()))
      throw new RuleViolation(`There is a field “${field.label}” already`, { field: 'label' });
  }
}

async function keyOf(tx: Tx, { key, name }: Create): Promise<string> {
  const taken = (await tx.select({ key: requestTypes.key }).from(requestTypes)).map((row) => row.key);
  if (key === undefined) return keyFor(name, taken);
  if (taken.includes(key)) throw new RuleViolation(`The key “${key}” is taken`, { field: 'key' });
  return key;
}

const lastPosition = sql<number>`(select coalesce(max(position), 0) + 1 from request_types)`;

/** Offers a new type of request, and promises its turnaround. */
export async function createType(tx: Tx, input: Create): Promise<ChangedType> {
  await mustBeNew(tx, input.name);
  await mustBeOperations(tx, input.defaultTeamId);
  mustDiffer(input.fields ?? []);
  const [row] = await tx
    .insert(requestTypes)
    .values({ ...input, key: await keyOf(tx, input), position: input.position ?? lastPosition })
    .returning();
  if (!row) throw new NotFound();
  await promiseType(tx, row);
  return { id: row.id, key: row.key, version: row.version };
}

async function lockType(tx: Tx, id: number, version: number) {
  const [row] = await tx.select().from(requestTypes).where(eq(requestTypes.id, id)).for('update');
  if (!row) throw new NotFound();
  if (row.version !== version) throw new Conflict(undefined, { current: await typeById(tx, id) });
  return row;
}

/**
 * Changes a type for requests that are opened from now on: those there are keep their checklist, their fields and
 * the promise they run under. A type that is not active is no longer offered.
 */
export async function updateType(tx: Tx, { id, version, ...changes }: Update): Promise<ChangedType> {
  const before = await lockType(tx, id, version);
  if (changes.name !== undefined) await mustBeNew(tx, changes.name, id);
  if (changes.defaultTeamId !== before.defaultTeamId) await mustBeOperations(tx, changes.defaultTeamId);
  mustDiffer(changes.fields ?? []);
  const [row] = await tx
    .update(requestTypes)
    .set({ ...changes, version: sql`${requestTypes.version} + 1` })
    .where(eq(requestTypes.id, id))
    .returning();
  if (!row) throw new NotFound();
  await repromiseType(tx, before, row);
  return { id: row.id, key: row.key, version: row.version };
}

/** Puts the type one place up or down in the lists. */
export async function moveType(tx: Tx, { id, by }: z.infer<typeof moveTypeInput>): Promise<{ id: number }> {
  const types = await tx
    .select({ id: requestTypes.id, position: requestTypes.position })
    .from(requestTypes)
    .orderBy(asc(requestTypes.position), asc(requestTypes.name))
    .for('update');
  const at = types.findIndex((type) => type.id === id);
  if (at === -1) throw new NotFound();
  for (const [position, type] of moved(types, at, by).entries()) {
    if (type.position === position) continue;
    await tx.update(requestTypes).set({ position }).where(eq(requestTypes.id, type.id));
  }
  return { id };
}

/** Removes a type that no request ever had; others are taken out of use instead. */
export async function removeType(tx: Tx, id: number): Promise<{ id: number }> {
  const [type] = await tx.select().from(requestTypes).where(eq(requestTypes.id, id)).for('update');
  if (!type) throw new NotFound();
  const [{ count } = { count: 0 }] = await tx
    .select({ count: sql<number>`count(*)::int` })
    .from(serviceRequests)
    .where(eq(serviceRequests.typeId, id));
  if (count > 0) {
    const requests = count === 1 ? '1 request has' : `${count} requests have`;
    throw new RuleViolation(`${requests} this type, so it stays. Take it out of use instead`);
  }
  await forgetTypePolicies(tx, id);
  await tx.delete(requestTypes).where(eq(requestTypes.id, id));
  return { id };
}
