import { sql } from 'drizzle-orm';
import { notify } from '#lib/notifications/commands.server.ts';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import type { Match } from './matches.server.ts';

/** All that a person learns of a duplicate he does not see. */
export interface SentForReview {
  outcome: 'sent_for_review';
}

/**
 * Asks the heads of the owners' teams (administrators where there is none) to decide on duplicates that the actor
 * does not see. `leadId` names the lead whose conversion met them.
 */
export async function sendForReview(
  tx: Tx,
  actor: Actor,
  matches: Match[],
  { leadId }: { leadId?: number | undefined } = {}
): Promise<SentForReview> {
  for (const match of matches.filter((one) => !one.visible)) {
    const [row] = await tx.execute<{ heads: number[] }>(
      sql`select app.review_duplicate(${match.id}, ${leadId ?? null}, ${match.matchedOn}) as heads`
    );
    await notify(tx, {
      key: `duplicate:${match.id}:${actor.userId}:${leadId ?? ''}`,
      userIds: row?.heads ?? [],
      kind: 'duplicate',
      subject: { kind: 'client', id: match.id },
      title: 'A client of your team was entered again',
      body: `${actor.name} entered somebody who may be this client. Please decide whether it is the same.`,
      reason: 'You head the team that looks after this client'
    });
  }
  return { outcome: 'sent_for_review' };
}
