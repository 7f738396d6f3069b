import { sql } from 'drizzle-orm';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { RuleViolation } from '#lib/platform/errors.ts';

/** A follow-up is planned for the firm's today or later: nobody can keep one that has passed. Nothing and `` are none. */
export async function refusePastFollowUp(
  tx: Tx,
  on: string | null | undefined,
  field = 'nextFollowUpOn'
): Promise<void> {
  if (!on) return;
  const [row] = await tx.execute<{ past: boolean }>(sql`
    select ${on}::date < (now() at time zone time_zone)::date as past from firm_settings`);
  if (row?.past) throw new RuleViolation('Choose today or later', { field });
}
