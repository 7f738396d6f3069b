import { sql } from 'drizzle-orm';
import type { Tx } from '#lib/platform/db/transactions.server.ts';

/**
 * Writes the pipeline as it stood at the end of a firm date (`YYYY-MM-DD`), as system. A date that was missed is
 * written for itself: what changed since is taken back with the help of the audit trail. Writing a date twice
 * changes nothing. Returns how many rows were written.
 */
export async function snapshotPipeline(tx: Tx, onDate: string): Promise<number> {
  const [existing] = await tx.execute<{ found: boolean }>(
    sql`select exists (select 1 from pipeline_snapshots where on_date = ${onDate}) as found`
  );
  if (existing?.found) return 0;
  const written = await tx.execute(sql`
    with firm as (
      select ${onDate}::date::timestamp at time zone time_zone as day_starts,
        (${onDate}::date + 1)::timestamp at time zone time_zone as day_ends
      from firm_settings
    ), then_ as (
      select l.id, l.product_id, l.mode as source, l.created_at, l.expected_value,
        coalesce(before.status, l.status) as status,
        case when before.moved then before.rm_id else l.conversion_rm_id end as rm_id,
        l.team_id as waiting_team_id, l.denial_reason,
        case when l.status_changed_at < f.day_ends then l.status_changed_at end as status_since,
        l.converted_at
      from leads l cross join firm f
      left join lateral (
        select
          (select a.old_values ->> 'status' from audit_log a
            where a.table_name = 'leads' and a.row_id = l.id and a.at >= f.day_ends and a.action = 'update'
              and a.old_values ? 'status' order by a.id limit 1) as status,
          m.rm_id, m.id is not null as moved
        from (select 1) one left join lateral (
          select a.id, (a.old_values ->> 'conversion_rm_id')::bigint as rm_id from audit_log a
          where a.table_name = 'leads' and a.row_id = l.id and a.at >= f.day_ends and a.action = 'update'
            and a.old_values ? 'conversion_rm_id' order by a.id limit 1
        ) m on true
        where l.updated_at >= f.day_ends
      ) before on true
      where l.created_at < f.day_ends
    )
    insert into pipeline_snapshots
      (on_date, team_id, rm_id, product_id, source, status, denial_reason, leads, value, created, moved, days_in_status, days_to_convert)
    select ${onDate}::date, coalesce(u.main_team_id, t.waiting_team_id), t.rm_id, t.product_id, t.source, t.status,
      case when t.status = 'denied' then t.denial_reason end,
      count(*), coalesce(sum(t.expected_value), 0),
      count(*) filter (where t.created_at >= f.day_starts),
      count(*) filter (where t.status_since >= f.day_starts and t.status <> 'new'),
      coalesce(sum(extract(day from f.day_ends - coalesce(t.status_since, t.created_at)))::int, 0),
      coalesce(sum(extract(day from t.converted_at - t.created_at))
        filter (where t.status = 'converted' and t.converted_at >= f.day_starts)::int, 0)
    from then_ t cross join firm f left join users u on u.id = t.rm_id
    group by 1, 2, 3, 4, 5, 6, 7
    on conflict do nothing
    returning id`);
  return written.length;
}
