import { sql } from 'drizzle-orm';
import { URGENT_AFTER_DAYS, WARNING_AFTER_DAYS } from '#lib/clients/attention.ts';
import { idArray } from '#lib/platform/db/arrays.server.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';

const zone = sql`(select coalesce(max(time_zone), 'Asia/Kolkata') from firm_settings)`;

/** After how many of the firm's days the running contact clock `k` with its target `t` is broken. */
const urgent = sql`case when t.unit = 'calendar_days' then t.amount
  else ((k.due_at - interval '1 millisecond') at time zone z.zone)::date - (k.started_at at time zone z.zone)::date end`;

/**
 * Writes on clients after how many days without contact they are due soon and urgent, as their running contact clocks
 * say; the usual days where none runs. A client is due soon on the day of a reminder of days before, and when the day of
 * one of a percent has passed. As system, after those clocks were written; the caller has locked the clients.
 */
export async function followCadence(tx: Tx, clientIds: number[]): Promise<void> {
  await tx.execute(sql`
    with said as materialized (
      select c.id, coalesce(u.days, ${URGENT_AFTER_DAYS}) as urgent,
        greatest(0, least(u.days, case
          when u.days is null then ${WARNING_AFTER_DAYS}
          when w.days_before is not null then u.days - w.days_before - 1
          when w.at_percent is null then u.days
          when t.unit = 'calendar_days' then t.amount * w.at_percent / 100
          else (k.warn_at at time zone z.zone)::date - (k.started_at at time zone z.zone)::date end)) as warning
      from clients c cross join (select ${zone} as zone) z
      left join clocks k on k.subject_kind = 'client' and k.subject_id = c.id and k.target = 'contact'
        and k.state in ('running', 'paused')
      left join policy_targets t on t.policy_version_id = k.policy_version_id and t.target = k.target
      left join lateral (
        select s.at_percent, s.days_before from policy_steps s
        where s.policy_version_id = k.policy_version_id and s.target = k.target and s.kind = 'warning'
        order by s.position limit 1) w on true
      cross join lateral (select ${urgent} as days) u
      where c.id = any (${idArray(clientIds)}))
    update clients c set contact_warning_days = s.warning, contact_urgent_days = s.urgent
    from said s
    where c.id = s.id and ((c.contact_warning_days, c.contact_urgent_days) is distinct from (s.warning, s.urgent)
      or c.contact_urgent_from is distinct from app.days_passed(c.last_contact_at, s.urgent, ${zone}))`);
}
