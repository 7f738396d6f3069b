import { sql } from 'drizzle-orm';
import type { Tx } from '#lib/platform/db/transactions.server.ts';

/** How many days ahead a portfolio review is announced. */
const DAYS_AHEAD = 7;

/**
 * Reminds each client's RM of portfolio reviews: a week ahead, on the day, and when overdue, each once per review
 * date, as of the firm date `today` (`YYYY-MM-DD`). Runs as system. Returns how many reminders were written.
 */
export async function remindOfReviews(tx: Tx, today: string): Promise<number> {
  const written = await tx.execute(sql`
    insert into notifications (key, user_id, kind, subject_kind, subject_id, title, body, reason)
    select 'review:' || c.id || ':' || c.next_review_on || ':' || stage.name, c.primary_rm_id, 'review', 'client', c.id,
      case stage.name
        when 'ahead' then 'Portfolio review of ' || c.name || ' on ' || to_char(c.next_review_on, 'DD Mon')
        when 'due' then 'Portfolio review of ' || c.name || ' is due today'
        else 'Portfolio review of ' || c.name || ' is overdue since ' || to_char(c.next_review_on, 'DD Mon')
      end,
      null, 'You are the relationship manager'
    from clients c
    join users u on u.id = c.primary_rm_id and u.active
    cross join lateral (
      select case
        when c.next_review_on > ${today}::date then 'ahead'
        when c.next_review_on = ${today}::date then 'due'
        else 'overdue' end as name
    ) stage
    where c.lifecycle = 'active' and c.next_review_on <= ${today}::date + ${DAYS_AHEAD}::int
    on conflict do nothing
    returning id`);
  return written.length;
}
