import { and, eq, notInArray, sql } from 'drizzle-orm';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import { databaseError } from '#lib/platform/db/failures.server.ts';
import { savepoint, type Tx } from '#lib/platform/db/transactions.server.ts';
import { NotFound, RuleViolation } from '#lib/platform/errors.ts';
import { valueKey } from './contact.server.ts';
import { findMatches } from './matches.server.ts';
import type { AddContactPointInput, AddressInput } from './model.ts';
import { clientFor } from './reads.server.ts';
import { sendForReview } from './review.server.ts';
import { clientAddresses, clientContactPoints, clientNotes, clientTags } from './schema.server.ts';

/** A part of a client named by both ids, so that a part of another client is not found. */
interface Part {
  clientId: number;
  id: number;
}

const pointAt = ({ clientId, id }: Part) =>
  and(eq(clientContactPoints.clientId, clientId), eq(clientContactPoints.id, id));
const addressAt = ({ clientId, id }: Part) =>
  and(eq(clientAddresses.clientId, clientId), eq(clientAddresses.id, id));

/** Throws NotFound when a statement touched no row. */
function touched<Row>(rows: Row[]): Row {
  const [row] = rows;
  if (row === undefined) throw new NotFound();
  return row;
}

/**
 * Adds an address or number. The same one on a client the actor does not see is not mentioned to him: families
 * share phones; the head of that client's team is asked to look at it.
 */
export async function addContactPoint(
  tx: Tx,
  actor: Actor,
  input: AddContactPointInput
): Promise<{ id: number }> {
  await clientFor(tx, actor, input.clientId, 'clients.edit', 'work');
  const key = valueKey(input.kind, input.value);
  const added = await insertPoint(tx, input, key);
  if (input.primary) await makePrimary(tx, { clientId: input.clientId, id: added.id });
  const matches = await findMatches(tx, input.kind === 'email' ? { emails: [key] } : { phones: [key] });
  await sendForReview(
    tx,
    actor,
    matches.filter((match) => match.id !== input.clientId)
  );
  return added;
}

async function insertPoint(tx: Tx, { clientId, kind, label, value }: AddContactPointInput, key: string) {
  try {
    const rows = await savepoint(tx, () =>
      tx
        .insert(clientContactPoints)
        .values({ clientId, kind, label: label || null, value, valueKey: key })
        .returning({ id: clientContactPoints.id })
    );
    return touched(rows);
  } catch (error) {
    if (databaseError(error)?.constraint_name !== 'client_contact_points_once') throw error;
    throw new RuleViolation('This client has it already', { field: 'value' });
  }
}

export async function removeContactPoint(tx: Tx, actor: Actor, part: Part): Promise<void> {
  await clientFor(tx, actor, part.clientId, 'clients.edit', 'work');
  touched(
    await tx.delete(clientContactPoints).where(pointAt(part)).returning({ id: clientContactPoints.id })
  );
}

/** The one to use first among those of its kind. */
export async function setPrimaryContactPoint(tx: Tx, actor: Actor, part: Part): Promise<void> {
  await clientFor(tx, actor, part.clientId, 'clients.edit', 'work');
  await makePrimary(tx, part);
}

async function makePrimary(tx: Tx, part: Part): Promise<void> {
  const [point] = await tx
    .select({ kind: clientContactPoints.kind })
    .from(clientContactPoints)
    .where(pointAt(part));
  if (!point) throw new NotFound();
  await tx
    .update(clientContactPoints)
    .set({ primary: sql`${clientContactPoints.id} = ${part.id}` })
    .where(and(eq(clientContactPoints.clientId, part.clientId), eq(clientContactPoints.kind, point.kind)));
}

const addressValues = ({ label, lines, city, region, postalCode, country }: AddressInput) => ({
  label: label || null,
  lines: lines || null,
  city: city || null,
  region: region || null,
  postalCode: postalCode || null,
  country: country || null
});

export async function addAddress(tx: Tx, actor: Actor, input: AddressInput): Promise<{ id: number }> {
  await clientFor(tx, actor, input.clientId, 'clients.edit', 'work');
  const rows = await tx
    .insert(clientAddresses)
    .values({ clientId: input.clientId, ...addressValues(input) })
    .returning({ id: clientAddresses.id });
  return touched(rows);
}

export async function updateAddress(tx: Tx, actor: Actor, input: AddressInput & Part): Promise<void> {
  await clientFor(tx, actor, input.clientId, 'clients.edit', 'work');
  const rows = await tx
    .update(clientAddresses)
    .set(addressValues(input))
    .where(addressAt(input))
    .returning({ id: clientAddresses.id });
  touched(rows);
}

export async function removeAddress(tx: Tx, actor: Actor, part: Part): Promise<void> {
  await clientFor(tx, actor, part.clientId, 'clients.edit', 'work');
  touched(await tx.delete(clientAddresses).where(addressAt(part)).returning({ id: clientAddresses.id }));
}

/** Replaces the client's tags; returns them as they are then. */
export async function setTags(
  tx: Tx,
  actor: Actor,
  input: { clientId: number; tags: string[] }
): Promise<string[]> {
  await clientFor(tx, actor, input.clientId, 'clients.edit', 'book');
  const tags = [...new Set(input.tags)].sort();
  const gone = tags.length > 0 ? notInArray(clientTags.tag, tags) : undefined;
  await tx.delete(clientTags).where(and(eq(clientTags.clientId, input.clientId), gone));
  const rows = tags.map((tag) => ({ clientId: input.clientId, tag }));
  if (rows.length > 0) await tx.insert(clientTags).values(rows).onConflictDoNothing();
  return tags;
}

/** Notes are only ever added. */
export async function addNote(tx: Tx, actor: Actor, input: { clientId: number; body: string }) {
  await clientFor(tx, actor, input.clientId, 'clients.view', 'work');
  const rows = await tx
    .insert(clientNotes)
    .values({ clientId: input.clientId, authorId: actor.userId, body: input.body })
    .returning({ id: clientNotes.id, createdAt: clientNotes.createdAt });
  return touched(rows);
}
