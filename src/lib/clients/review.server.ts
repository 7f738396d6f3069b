import { sql } from 'drizzle-orm';
import { notify } from '#lib/notifications/commands.server.ts';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import { idArray } from '#lib/platform/db/arrays.server.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import type { DuplicateOccasion, EnteredDuplicate } from './duplicate.ts';
import type { Match } from './matches.server.ts';

/** All that a person learns of a duplicate he does not see. */
export interface SentForReview {
  outcome: 'sent_for_review';
}

interface Circumstances {
  /** The lead whose conversion met them. */
  leadId?: number | undefined;
  /** A new client unless told otherwise; a conversion where a lead is named. */
  occasion?: DuplicateOccasion;
  /** What was typed, for whoever decides. */
  entered?: EnteredDuplicate;
}

/**
 * Asks the heads of the owners' teams (administrators where there is none) to decide on duplicates that the actor
 * does not see.
 */
export async function sendForReview(
  tx: Tx,
  actor: Actor,
  matches: Match[],
  { leadId, occasion = leadId ? 'lead' : 'client', entered = {} }: Circumstances = {}
): Promise<SentForReview> {
  for (const match of matches.filter((one) => !one.visible)) {
    const [row] = await tx.execute<{ id: number; heads: number[] }>(sql`
      select review_id as id, heads from app.review_duplicate(${match.id}, ${leadId ?? null}, ${match.matchedOn},
        ${occasion}, ${JSON.stringify(entered)}::jsonb)`);
    if (!row) throw new Error('The duplicate was not noted');
    await notify(tx, {
      key: `duplicate:${row.id}`,
      userIds: row.heads,
      kind: 'duplicate',
      subject: { kind: 'duplicate', id: row.id },
      title: 'Somebody whom your team looks after was entered again',
      body: `${actor.name} entered somebody who may be the same. Please decide whether it is so.`,
      reason: 'You head that team'
    });
  }
  return { outcome: 'sent_for_review' };
}

/** Nobody has the same PAN or account id as somebody else, whatever is decided. */
export const isCertain = ({ matchedOn }: Match) => matchedOn === 'pan' || matchedOn === 'account';

/**
 * The matches that stand in the way: of those the actor does not see, the ones that were decided to be somebody else
 * are left out. With `use` the decision is taken up, which it can be once.
 */
export async function withoutDecided(
  tx: Tx,
  matches: Match[],
  { leadId, use }: { leadId?: number | undefined; use: boolean }
): Promise<Match[]> {
  const hidden = matches.filter((match) => !match.visible);
  if (hidden.length === 0 || hidden.some(isCertain)) return matches;
  const [row] = await tx.execute<{ passed: number[] }>(sql`
    select app.pass_duplicates(${idArray(hidden.map(({ id }) => id))}, ${leadId ?? null}, ${use}) as passed`);
  return matches.filter((match) => match.visible || !row?.passed.includes(match.id));
}
