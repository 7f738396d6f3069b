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

/**
 * The review that is interaction `id` is about to be deleted: where it set when the next one is due and is the latest,
 * the date goes back to what it was before, as the clock of the review says, else the review before. A date that
 * somebody has changed since stays. Clocks and reviews stand above interactions: named and not imported.
 */
export async function takeBackNextReview(tx: Tx, clientId: number, id: number): Promise<void> {
  await tx.execute(sql`
    with held as (
      select i.id, i.occurred_at, r.next_on,
        (i.occurred_at at time zone (select time_zone from firm_settings))::date as day
      from interactions i left join portfolio_reviews r on r.interaction_id = i.id
      where i.client_id = ${clientId} and i.purpose = 'portfolio_review'
      order by i.occurred_at desc, i.id desc limit 2
    ), agreed as (
      select h.id, h.occurred_at, coalesce(h.next_on,
        (h.day + make_interval(months => c.review_every_months))::date) as day
      from held h join clients c on c.id = ${clientId}
    ), promised as (
      select k.on_date, k.round, k.state from clocks k
      where k.subject_kind = 'client' and k.subject_id = ${clientId} and k.target = 'review'
        and (k.state in ('running', 'paused') or (k.state = 'satisfied'
          and k.ended_at >= (select date_trunc('milliseconds', occurred_at) from agreed where id = ${id})))
    ), before as (
      select coalesce(
        (select p.on_date from promised p where p.state <> 'satisfied' and p.on_date is distinct from c.next_review_on),
        (select p.on_date from promised p where p.state = 'satisfied' order by p.round desc limit 1),
        (select a.day from agreed a where a.id <> ${id})) as day
      from clients c where c.id = ${clientId}
    )
    update clients c set next_review_on = before.day, updated_at = now(), version = c.version + 1
    from before, agreed
    where c.id = ${clientId} and agreed.id = ${id} and c.next_review_on is not distinct from agreed.day
      and not exists (select 1 from agreed a where a.id <> ${id} and (a.occurred_at, a.id) > (agreed.occurred_at, agreed.id))
      and c.next_review_on is distinct from before.day`);
}
