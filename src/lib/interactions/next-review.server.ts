import { sql } from 'drizzle-orm';
import type { Tx } from '#lib/platform/db/transactions.server.ts';

/**
 * Sets when the client's next portfolio review is due, after the one that is interaction `id`: on `nextOn`, else by the
 * client's cadence from the day it was held, in the firm's zone. Without either a date that has been met is taken
 * away. A later review has the say already. Reminders follow the date. The client gets a new version.
 */
export async function moveNextReview(
  tx: Tx,
  clientId: number,
  { id, nextOn }: { id: number; nextOn?: string | null | undefined }
): Promise<void> {
  await tx.execute(sql`
    with held as (
      select (i.occurred_at at time zone (select time_zone from firm_settings))::date as day
      from interactions i
      where i.id = ${id} and not exists (
        select 1 from interactions l where l.client_id = ${clientId} and l.purpose = 'portfolio_review'
          and (l.occurred_at, l.id) > (i.occurred_at, i.id))
    ), next as (
      select c.id, coalesce(${nextOn ?? null}::date,
        (held.day + make_interval(months => c.review_every_months))::date,
        case when c.next_review_on > held.day then c.next_review_on end) as day
      from clients c cross join held where c.id = ${clientId}
    )
    update clients c set next_review_on = next.day, updated_at = now(), version = c.version + 1
    from next where c.id = next.id and c.next_review_on is distinct from next.day`);
}
