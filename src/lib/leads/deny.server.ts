import { and, eq, sql } from 'drizzle-orm';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import { blankToNull, type Changed } from '#lib/platform/changes.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { RuleViolation } from '#lib/platform/errors.ts';
import { listItems } from '#lib/settings/schema.server.ts';
import { changeLead } from './commands.server.ts';
import type { DenyLeadInput, ReopenLeadInput } from './inputs.ts';
import { lockLead } from './locks.server.ts';

async function mustBeReason(tx: Tx, key: string): Promise<void> {
  const [reason] = await tx
    .select({ key: listItems.key })
    .from(listItems)
    .where(and(eq(listItems.list, 'denial_reason'), eq(listItems.key, key), eq(listItems.active, true)));
  if (!reason)
    throw new RuleViolation('This reason is not on the list of denial reasons', { field: 'reason' });
}

/** Nothing will come of it, for a reason of the firm's list. */
export async function denyLead(tx: Tx, actor: Actor, input: DenyLeadInput): Promise<Changed> {
  const { lead, status } = await lockLead(tx, actor, 'deny', input);
  await mustBeReason(tx, input.reason);
  return changeLead(tx, lead, {
    status,
    denialReason: input.reason,
    denialNote: blankToNull(input.note) ?? null,
    deniedAt: sql`now()`
  });
}

/** A head takes a denied lead up again; the reason is kept with its notes. */
export async function reopenLead(tx: Tx, actor: Actor, input: ReopenLeadInput): Promise<Changed> {
  const { lead, status } = await lockLead(tx, actor, 'reopen', input);
  const notes = [lead.notes, `Reopened: ${input.reason}`].filter(Boolean).join('\n');
  return changeLead(tx, lead, { status, notes, denialReason: null, denialNote: null, deniedAt: null });
}
