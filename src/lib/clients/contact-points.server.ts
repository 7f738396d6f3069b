import { and, eq, sql } from 'drizzle-orm';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import { databaseError } from '#lib/platform/db/failures.server.ts';
import { savepoint, type Tx } from '#lib/platform/db/transactions.server.ts';
import { RuleViolation } from '#lib/platform/errors.ts';
import { valueKey } from './contact.server.ts';
import { findMatches } from './matches.server.ts';
import type { AddContactPointInput, ContactKind } from './model.ts';
import { touched, type Part } from './parts.server.ts';
import { clientFor, clientOf } from './reads.server.ts';
import { sendForReview } from './review.server.ts';
import { clientContactPoints } from './parts-schema.server.ts';

const pointAt = ({ clientId, id }: Part) =>
  and(eq(clientContactPoints.clientId, clientId), eq(clientContactPoints.id, id));

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
  await reviewOthers(tx, actor, input.clientId, input.kind, key);
  return added;
}

const insertPoint = (tx: Tx, { clientId, kind, label, value }: AddContactPointInput, key: string) =>
  unlessThere(tx, async () =>
    touched(
      await tx
        .insert(clientContactPoints)
        .values({ clientId, kind, label: label || null, value, valueKey: key })
        .returning({ id: clientContactPoints.id })
    )
  );

async function unlessThere<T>(tx: Tx, work: () => Promise<T>): Promise<T> {
  try {
    return await savepoint(tx, work);
  } catch (error) {
    if (databaseError(error)?.constraint_name !== 'client_contact_points_once') throw error;
    throw new RuleViolation('It is there already', { field: 'value' });
  }
}

/** Another value or label for what is there; its kind stays. */
export async function updateContactPoint(
  tx: Tx,
  actor: Actor,
  { label, value, ...part }: Part & { label?: string | null | undefined; value: string }
): Promise<void> {
  await clientFor(tx, actor, part.clientId, 'clients.edit', 'work');
  const { kind } = await kindOf(tx, part);
  const key = valueKey(kind, value);
  await unlessThere(tx, () =>
    tx
      .update(clientContactPoints)
      .set({ value, valueKey: key, ...(label !== undefined && { label: label || null }) })
      .where(pointAt(part))
  );
  await reviewOthers(tx, actor, part.clientId, kind, key);
}

/** Somebody who has the same and whom the actor does not see: the head of that client's team looks at it. */
async function reviewOthers(tx: Tx, actor: Actor, clientId: number, kind: ContactKind, key: string) {
  const matches = await findMatches(tx, kind === 'email' ? { emails: [key] } : { phones: [key] });
  const others = matches.filter((match) => match.id !== clientId);
  if (others.length === 0) return;
  const { number, name } = await clientOf(tx, clientId);
  const entered = { of: { number, name }, [kind === 'email' ? 'email' : 'phone']: key };
  await sendForReview(tx, actor, others, { occasion: 'contact', entered });
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

async function kindOf(tx: Tx, part: Part): Promise<{ kind: ContactKind }> {
  return touched(
    await tx.select({ kind: clientContactPoints.kind }).from(clientContactPoints).where(pointAt(part))
  );
}

async function makePrimary(tx: Tx, part: Part): Promise<void> {
  const { kind } = await kindOf(tx, part);
  await tx
    .update(clientContactPoints)
    .set({ primary: sql`${clientContactPoints.id} = ${part.id}` })
    .where(and(eq(clientContactPoints.clientId, part.clientId), eq(clientContactPoints.kind, kind)));
}
