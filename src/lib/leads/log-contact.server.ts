import { eq, sql } from 'drizzle-orm';
import { clients } from '#lib/clients/schema.server.ts';
import { logInteraction, refuseFuture } from '#lib/interactions/commands.server.ts';
import { subjectFor } from '#lib/interactions/model.ts';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import type { Changed } from '#lib/platform/changes.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { changeLead } from './commands.server.ts';
import { leadContacts } from './contacts-schema.server.ts';
import type { LogLeadContactInput } from './inputs.ts';
import { refusePastFollowUp } from './follow-up.server.ts';
import { lockLead, type LockedLead } from './locks.server.ts';

/**
 * Records something said with a lead, or a try that reached nobody, and when to follow up next. With its RM the lead
 * is in progress from then on; its first call and its follow-up are kept by what was answered. A lead that a review
 * opened for a client of the actor's gets a conversation with that client.
 */
export async function logLeadContact(tx: Tx, actor: Actor, input: LogLeadContactInput): Promise<Changed> {
  const { lead, status } = await lockLead(tx, actor, 'work', input);
  refuseFuture(input.occurredAt);
  await refusePastFollowUp(tx, input.nextFollowUpOn);
  await keep(tx, actor, lead, input);
  return changeLead(tx, lead, {
    status: lead.conversionRmId === null ? lead.status : status,
    nextFollowUpOn: await followUpAfter(tx, lead, input)
  });
}

async function keep(tx: Tx, actor: Actor, lead: LockedLead, input: LogLeadContactInput): Promise<void> {
  const { channel, direction = 'outbound', missed = false, occurredAt } = input;
  const body = input.body || null;
  const said = { channel, direction, subject: subjectFor(channel, input), body };
  const clientId = await visibleClient(tx, lead.clientId);
  if (clientId !== null) {
    await logInteraction(tx, actor, { ...said, clientId, leadId: lead.id, missed, occurredAt });
    return;
  }
  await tx.insert(leadContacts).values({
    ...said,
    leadId: lead.id,
    userId: actor.userId,
    loggedById: actor.userId,
    answered: !missed,
    occurredAt: occurredAt ?? sql`now()`
  });
}

async function visibleClient(tx: Tx, id: number | null): Promise<number | null> {
  if (id === null) return null;
  const [client] = await tx.select({ id: clients.id }).from(clients).where(eq(clients.id, id));
  return client?.id ?? null;
}

async function followUpAfter(
  tx: Tx,
  { nextFollowUpOn }: LockedLead,
  { nextFollowUpOn: wanted, missed }: LogLeadContactInput
): Promise<string | null> {
  if (wanted !== undefined && wanted !== null) return wanted || null;
  if (nextFollowUpOn === null || missed) return nextFollowUpOn;
  const [row] = await tx.execute<{ come: boolean }>(sql`
    select ${nextFollowUpOn}::date <= (now() at time zone time_zone)::date as come from firm_settings`);
  return row?.come ? null : nextFollowUpOn;
}
