import { eq, sql } from 'drizzle-orm';
import { refuseFuture } from '#lib/interactions/commands.server.ts';
import { inScope, type Actor, type Permission } from '#lib/platform/auth/permissions.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { Conflict, Forbidden, NotFound } from '#lib/platform/errors.ts';
import { leadContacts } from './contacts-schema.server.ts';
import type { UpdateLeadContactInput } from './inputs.ts';

type LockedContact = typeof leadContacts.$inferSelect;

interface Target {
  id: number;
  version?: number | undefined;
}

/**
 * What was said with a lead, locked until the transaction ends after the lead itself, as by whoever converts it.
 * NotFound where the actor does not see the lead, Forbidden where his grant does not reach whoever spoke or logged it,
 * Conflict where it is no longer the version he saw: as with what is said with clients.
 */
async function lockContact(
  tx: Tx,
  actor: Actor,
  permission: Permission,
  { id, version }: Target
): Promise<LockedContact> {
  await tx.execute(sql`select 1 from leads l
    where l.id = (select c.lead_id from lead_contacts c where c.id = ${id}) for no key update of l`);
  const [row] = await tx.select().from(leadContacts).where(eq(leadContacts.id, id)).for('update');
  if (!row) {
    const [seen] = await tx.select({ id: leadContacts.id }).from(leadContacts).where(eq(leadContacts.id, id));
    throw seen ? new Forbidden() : new NotFound();
  }
  if (!inScope(actor, permission, { userIds: [row.userId, row.loggedById] })) throw new Forbidden();
  if (version !== undefined && version !== row.version)
    throw new Conflict(undefined, { current: asEntered(row) });
  return row;
}

/** As the form has it. */
const asEntered = ({
  id,
  version,
  channel,
  direction,
  subject,
  body,
  occurredAt,
  answered
}: LockedContact) => ({
  ...{ id, version, channel, direction, subject, body, occurredAt },
  missed: !answered
});

/**
 * Changes what `input` names; the lead and who spoke stay as they were logged. A promise that it kept, or keeps now,
 * follows by a trigger; the date of the next follow-up stays.
 */
export async function updateLeadContact(
  tx: Tx,
  actor: Actor,
  input: UpdateLeadContactInput
): Promise<{ id: number; version: number }> {
  const { id } = await lockContact(tx, actor, 'interactions.edit', input);
  refuseFuture(input.occurredAt);
  const { channel, direction, subject, body, occurredAt, missed } = input;
  const [changed] = await tx
    .update(leadContacts)
    .set({
      ...{ channel, direction, subject, occurredAt },
      ...(body === undefined ? {} : { body: body || null }),
      ...(missed === undefined ? {} : { answered: !missed }),
      updatedAt: sql`now()`,
      version: sql`${leadContacts.version} + 1`
    })
    .where(eq(leadContacts.id, id))
    .returning({ id: leadContacts.id, version: leadContacts.version });
  if (!changed) throw new NotFound();
  return changed;
}

/** Removes it for good; the audit trail keeps what it was. A call that it kept is due again. */
export async function deleteLeadContact(tx: Tx, actor: Actor, target: Target): Promise<{ id: number }> {
  const { id } = await lockContact(tx, actor, 'interactions.delete', target);
  await tx.delete(leadContacts).where(eq(leadContacts.id, id));
  return { id };
}
