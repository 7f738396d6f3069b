import { eq, sql } from 'drizzle-orm';
import { inScope, type Actor, type Permission } from '#lib/platform/auth/permissions.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { Conflict, Forbidden, NotFound, RuleViolation } from '#lib/platform/errors.ts';
import { refuseFuture } from './commands.server.ts';
import { missingFor, type UpdateInteractionInput } from './model.ts';
import { takeBackNextReview } from './next-review.server.ts';
import { interactionById, linkedColumns } from './record.server.ts';
import { interactions } from './schema.server.ts';
import { requireSubjects, type Subjects } from './subjects.server.ts';

export type LockedInteraction = typeof interactions.$inferSelect;

interface Target extends Pick<Subjects, 'queryId' | 'requestId' | 'leadId'> {
  id: number;
  version?: number | undefined;
}

/**
 * The interaction, locked until the transaction ends after the work that it is about and the work that `target` names
 * anew. NotFound where the actor does not see it, Forbidden where his grant does not reach whoever spoke or logged it,
 * Conflict where it is no longer the version he saw.
 */
export async function lockInteraction(
  tx: Tx,
  actor: Actor,
  permission: Permission,
  { id, version, queryId = null, requestId = null, leadId = null }: Target
): Promise<LockedInteraction> {
  await tx.execute(sql`select app.lock_work_of_interaction(${id}, ${queryId}, ${requestId}, ${leadId})`);
  const [row] = await tx.select().from(interactions).where(eq(interactions.id, id)).for('update');
  if (!row) {
    const [seen] = await tx.select({ id: interactions.id }).from(interactions).where(eq(interactions.id, id));
    throw seen ? new Forbidden() : new NotFound();
  }
  if (!inScope(actor, permission, { userIds: [row.userId, row.loggedById] })) throw new Forbidden();
  if (version !== undefined && version !== row.version)
    throw new Conflict(undefined, { current: await interactionById(tx, actor, id) });
  return row;
}

const LINKS = ['productId', 'queryId', 'requestId', 'leadId'] as const;

/** What is named anew; what was linked before may have gone out of the actor's sight since. */
function newSubjects(row: LockedInteraction, input: UpdateInteractionInput): Subjects {
  return Object.fromEntries(
    LINKS.filter((name) => input[name] && input[name] !== row[name]).map((name) => [name, input[name]])
  );
}

/** A form that shows no link sends none: one that the actor does not see stays. */
async function keepHidden(tx: Tx, row: LockedInteraction, input: UpdateInteractionInput): Promise<string[]> {
  const cleared = LINKS.filter((name) => input[name] === null && row[name] !== null);
  if (cleared.length === 0) return [];
  const [seen] = await tx.select(linkedColumns).from(interactions).where(eq(interactions.id, row.id));
  const visible = {
    productId: true,
    queryId: seen?.query,
    requestId: seen?.request,
    leadId: seen?.lead
  };
  return cleared.filter((name) => !visible[name]);
}

/** Changes what `input` names. The client and who spoke stay as they were logged. */
export async function updateInteraction(
  tx: Tx,
  actor: Actor,
  input: UpdateInteractionInput
): Promise<{ id: number; version: number }> {
  const row = await lockInteraction(tx, actor, 'interactions.edit', input);
  const { id, version: _version, ...given } = input;
  const kept = await keepHidden(tx, row, input);
  const changes = Object.fromEntries(
    Object.entries(given).filter(([name, value]) => value !== undefined && !kept.includes(name))
  );
  const next = { ...row, ...changes };
  if (next.purpose !== row.purpose && [next.purpose, row.purpose].includes('portfolio_review'))
    throw new RuleViolation('A portfolio review is logged as one, and stays one', { field: 'purpose' });
  const missing = missingFor(next);
  if (missing) throw new RuleViolation(missing.message, { field: missing.field });
  refuseFuture(input.occurredAt);
  await requireSubjects(tx, row.clientId, newSubjects(row, input));
  const [changed] = await tx
    .update(interactions)
    .set({
      ...changes,
      ...(input.body === '' ? { body: null } : {}),
      updatedAt: sql`now()`,
      version: sql`${interactions.version} + 1`
    })
    .where(eq(interactions.id, id))
    .returning({ id: interactions.id, version: interactions.version });
  if (!changed) throw new NotFound();
  return changed;
}

/** Removes it for good; the audit trail keeps what it was. A lead that it opened stays; a date it set goes back. */
export async function deleteInteraction(tx: Tx, actor: Actor, target: Target): Promise<{ id: number }> {
  const { id, clientId, purpose } = await lockInteraction(tx, actor, 'interactions.delete', target);
  if (purpose === 'portfolio_review') await takeBackNextReview(tx, clientId, id);
  await tx.delete(interactions).where(eq(interactions.id, id));
  return { id };
}
