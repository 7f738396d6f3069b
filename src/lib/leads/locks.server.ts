import { eq } from 'drizzle-orm';
import type { Actor, Permission } from '#lib/platform/auth/permissions.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { Conflict, Forbidden, NotFound } from '#lib/platform/errors.ts';
import { mayOnLead } from './model.ts';
import { leadById } from './reads.server.ts';
import { leads } from './schema.server.ts';

export type LockedLead = typeof leads.$inferSelect;

/**
 * The lead, locked until the transaction ends. NotFound where the actor does not see it, Forbidden where his grant
 * does not reach it, Conflict where it is no longer the version he saw.
 */
export async function lockLead(
  tx: Tx,
  actor: Actor,
  permission: Permission,
  { id, version }: { id: number; version?: number | undefined }
): Promise<LockedLead> {
  const [lead] = await tx.select().from(leads).where(eq(leads.id, id)).for('update');
  if (!lead) {
    const [seen] = await tx.select({ id: leads.id }).from(leads).where(eq(leads.id, id));
    throw seen ? new Forbidden() : new NotFound();
  }
  if (!mayOnLead(actor, permission, lead)) throw new Forbidden();
  if (version !== undefined && version !== lead.version) {
    throw new Conflict(undefined, { current: await leadById(tx, actor, id) });
  }
  return lead;
}
