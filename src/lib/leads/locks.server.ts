import { eq } from 'drizzle-orm';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { Conflict, Forbidden, NotFound, RuleViolation } from '#lib/platform/errors.ts';
import { LEAD_PERMISSIONS, leadStatusAfter, mayOnLead, type LeadAction, type LeadStatus } from './model.ts';
import { leadById } from './reads.server.ts';
import { leads } from './schema.server.ts';

export type LockedLead = typeof leads.$inferSelect;

/**
 * The lead, locked until the transaction ends, and the status that the action leads to. NotFound where the actor does
 * not see it, Forbidden where his grant does not reach it, RuleViolation where the action is no longer possible (of two
 * who convert it at once the second is told so), Conflict where it is otherwise no longer the version he saw.
 */
export async function lockLead(
  tx: Tx,
  actor: Actor,
  action: LeadAction,
  { id, version }: { id: number; version?: number | undefined }
): Promise<{ lead: LockedLead; status: LeadStatus }> {
  const [lead] = await tx.select().from(leads).where(eq(leads.id, id)).for('update');
  if (!lead) {
    const [seen] = await tx.select({ id: leads.id }).from(leads).where(eq(leads.id, id));
    throw seen ? new Forbidden() : new NotFound();
  }
  if (!mayOnLead(actor, LEAD_PERMISSIONS[action], lead)) throw new Forbidden();
  if (action === 'convert' && lead.status === 'converted')
    throw new RuleViolation(`${lead.number} is converted already. Nothing was added a second time.`);
  const status = leadStatusAfter(action, lead.status, actor, `lead ${lead.number}`);
  if (version !== undefined && version !== lead.version) {
    throw new Conflict(undefined, { current: await leadById(tx, actor, id) });
  }
  return { lead, status };
}
