import { sql } from 'drizzle-orm';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { RuleViolation } from '#lib/platform/errors.ts';

/**
 * The moment that stands for a review's day in the firm's zone: now for today, else noon. Throws RuleViolation for a
 * day to come, and for a next date that is not after it.
 */
export async function heldAt(
  tx: Tx,
  { heldOn, nextOn }: { heldOn: string; nextOn?: string | null | undefined }
): Promise<Date> {
  const [row] = await tx.execute<{ today: string; at: string }>(sql`
    select day::text as today, case when day = ${heldOn}::date then now()
      else (${heldOn}::date + interval '12 hours') at time zone f.time_zone end as at
    from firm_settings f, lateral (select (now() at time zone f.time_zone)::date as day) d`);
  if (!row) throw new Error('The firm has no settings');
  if (heldOn > row.today)
    throw new RuleViolation('It cannot have been held in the future', { field: 'heldOn' });
  if (nextOn && nextOn <= heldOn)
    throw new RuleViolation('The next review comes after this one', { field: 'nextOn' });
  return new Date(row.at);
}
