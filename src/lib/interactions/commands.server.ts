import { sql } from 'drizzle-orm';
import { clientFor } from '#lib/clients/reads.server.ts';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { RuleViolation } from '#lib/platform/errors.ts';
import {
  FUTURE_TOLERANCE,
  missingFor,
  subjectFor,
  type LogContactInput,
  type LogInteractionInput
} from './model.ts';
import { keepPlan } from './planned-contact.server.ts';
import { moveNextReview } from './next-review.server.ts';
import { interactions } from './schema.server.ts';
import { requireSubjects } from './subjects.server.ts';

export interface LoggedInteraction {
  id: number;
  occurredAt: Date;
}

/** What only other commands may say of an interaction. */
interface Said {
  /** Who of ours spoke, when it was not the actor. */
  userId?: number | undefined;
  /** After a portfolio review: when the next one was agreed for, `2026-11-21`. */
  nextReviewOn?: string | null | undefined;
}

/** Throws RuleViolation for a time to come. */
export function refuseFuture(occurredAt: Date | null | undefined): void {
  if (occurredAt && occurredAt.getTime() > Date.now() + FUTURE_TOLERANCE)
    throw new RuleViolation('It cannot have happened in the future', { field: 'occurredAt' });
}

/**
 * Records something said with a client the actor may work on. What it refers to must be of that client and visible
 * to the actor, else NotFound. The client's last contact follows by a trigger; a contact that was planned is made then;
 * after a portfolio review the next one falls due by the client's cadence.
 */
export async function logInteraction(
  tx: Tx,
  actor: Actor,
  input: LogInteractionInput,
  said: Said = {}
): Promise<LoggedInteraction> {
  const client = await clientFor(tx, actor, input.clientId, 'interactions.create', 'work');
  const missing = missingFor(input);
  if (missing) throw new RuleViolation(missing.message, { field: missing.field });
  refuseFuture(input.occurredAt);
  await requireSubjects(tx, input.clientId, input);
  const [row] = await tx
    .insert(interactions)
    .values({
      clientId: input.clientId,
      userId: said.userId ?? actor.userId,
      loggedById: actor.userId,
      purpose: input.purpose ?? 'general',
      channel: input.channel,
      direction: input.direction,
      subject: input.subject,
      body: input.body || null,
      occurredAt: input.occurredAt ?? sql`now()`,
      missed: input.missed ?? false,
      productId: input.productId ?? null,
      queryId: input.queryId ?? null,
      requestId: input.requestId ?? null,
      leadId: input.leadId ?? null
    })
    .returning({ id: interactions.id, occurredAt: interactions.occurredAt });
  if (!row) throw new Error('The interaction was not stored');
  if (client.nextContactOn !== null) await keepPlan(tx, client.id, row.id);
  if (input.purpose === 'portfolio_review')
    await moveNextReview(tx, client.id, { id: row.id, nextOn: said.nextReviewOn });
  return row;
}

/** Records a contact with a client in one line; the client's last contact follows. */
export function logContact(tx: Tx, actor: Actor, input: LogContactInput): Promise<LoggedInteraction> {
  const { clientId, channel, direction = 'outbound', summary, occurredAt } = input;
  const subject = subjectFor(channel, { subject: summary });
  return logInteraction(tx, actor, { clientId, channel, direction, subject, occurredAt });
}
