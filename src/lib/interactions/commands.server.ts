import { sql } from 'drizzle-orm';
import { clientFor } from '#lib/clients/reads.server.ts';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { NotFound, RuleViolation } from '#lib/platform/errors.ts';
import { FUTURE_TOLERANCE, missingFor, type LogInteractionInput } from './model.ts';
import { interactions } from './schema.server.ts';

/**
 * Records something said with a client the actor may work on. What it refers to must be of that client and visible
 * to the actor, else NotFound. The client's last contact follows by a trigger.
 */
export async function logInteraction(
  tx: Tx,
  actor: Actor,
  input: LogInteractionInput
): Promise<{ id: number; occurredAt: Date }> {
  await clientFor(tx, actor, input.clientId, 'interactions.create', 'work');
  const missing = missingFor(input);
  if (missing) throw new RuleViolation(missing.message, { field: missing.field });
  if (input.occurredAt && input.occurredAt.getTime() > Date.now() + FUTURE_TOLERANCE)
    throw new RuleViolation('It cannot have happened in the future', { field: 'occurredAt' });
  await requireSubjects(tx, input);
  const [row] = await tx
    .insert(interactions)
    .values({
      clientId: input.clientId,
      userId: actor.userId,
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
  return row;
}

// Queries, requests and leads stand above interactions, so their tables are named and not imported.
async function requireSubjects(tx: Tx, input: LogInteractionInput): Promise<void> {
  const { clientId, productId, queryId, requestId, leadId } = input;
  if (!productId && !queryId && !requestId && !leadId) return;
  const present = (id: number | null | undefined, table: string, more = sql``) =>
    sql`(${id ?? null}::bigint is null or exists (select 1 from ${sql.raw(table)} x where x.id = ${id ?? null} ${more}))`;
  const ofClient = sql`and x.client_id = ${clientId}`;
  const [row] = await tx.execute<{ found: boolean }>(sql`
    select ${present(productId, 'products')} and ${present(queryId, 'queries', ofClient)}
      and ${present(requestId, 'service_requests', ofClient)} and ${present(leadId, 'leads', ofClient)} as found`);
  if (!row?.found) throw new NotFound();
}
