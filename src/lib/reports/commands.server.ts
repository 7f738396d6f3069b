import { sql, type SQL } from 'drizzle-orm';
import type { Tx } from '#lib/platform/db/transactions.server.ts';

/**
 * Writes the pipeline as it stood at the end of a firm date (`YYYY-MM-DD`), as system. A date that was missed is
 * written for itself: what changed since is taken back with the help of the audit trail. Writing a date twice
 * changes nothing, two at once neither. Values are in the firm's currency; those in others are left out.
 * Returns how many rows were written.
 */
export async function snapshotPipeline(tx: Tx, onDate: string): Promise<number> {
  await tx.execute(
    sql`select pg_advisory_xact_lock(hashtext('pipeline_snapshots'), ${onDate}::date - '2000-01-01')`
  );
  const [existing] = await tx.execute<{ found: boolean }>(
    sql`select exists (select 1 from pipeline_snapshots where on_date = ${onDate}) as found`
  );
  if (existing?.found) return 0;
  const written = await tx.execute(sql`
    with ${pipelineOn(onDate)}
    insert into pipeline_snapshots
      (on_date, team_id, rm_id, product_id, source, status, denial_reason, leads, value, created, moved, converted,
        denied, won_value, days_in_status, days_to_convert, up_to_week, up_to_month, up_to_quarter, longer)
    select ${onDate}::date, p.team_id, p.rm_id, p.product_id, p.source, p.status, p.denial_reason,
      count(*), coalesce(sum(p.value), 0),
      count(*) filter (where p.created_on = ${onDate}::date),
      count(*) filter (where p.moved),
      count(*) filter (where p.converted_on = ${onDate}::date),
      count(*) filter (where p.denied_on = ${onDate}::date),
      coalesce(sum(p.value) filter (where p.converted_on = ${onDate}::date), 0),
      sum(p.days), coalesce(sum(p.converted_on - p.created_on) filter (where p.converted_on = ${onDate}::date), 0),
      count(*) filter (where p.days <= 7),
      count(*) filter (where p.days between 8 and 30),
      count(*) filter (where p.days between 31 and 90),
      count(*) filter (where p.days > 90)
    from pipeline p group by 1, 2, 3, 4, 5, 6, 7
    returning id`);
  return written.length;
}

/**
 * `pipeline`: each lead as it was when the date ended. What a lead or its RM's team was before it changed is what the
 * first change since says; one that is gone by now is taken from what was kept of it.
 */
const pipelineOn = (onDate: string): SQL => sql`
  firm as materialized (
    select time_zone, currency, ${onDate}::date::timestamp at time zone time_zone as day_starts,
      (${onDate}::date + 1)::timestamp at time zone time_zone as day_ends
    from firm_settings
  ), since as materialized (
    select a.table_name, a.row_id, a.id, a.old_values from audit_log a
    where a.table_name in ('leads', 'users') and a.action in ('update', 'delete')
      and a.at >= (select day_ends from firm)
  ), before as materialized (
    select s.row_id, jsonb_object_agg(v.key, v.value order by s.id desc) as was
    from since s cross join lateral jsonb_each(s.old_values) v where s.table_name = 'leads' group by s.row_id
  ), team_before as materialized (
    select distinct on (s.row_id) s.row_id, (s.old_values ->> 'main_team_id')::bigint as team_id
    from since s where s.table_name = 'users' and s.old_values ? 'main_team_id' order by s.row_id, s.id
  ), then_ as (
    select ${COLUMNS} from leads l where not exists (select 1 from before b where b.row_id = l.id)
    union all
    select ${COLUMNS} from before b join leads c on c.id = b.row_id
    cross join lateral jsonb_populate_record(c, b.was) l
    union all
    select ${COLUMNS} from before b cross join lateral jsonb_populate_record(null::leads, b.was) l
    where b.was ? 'id' and not exists (select 1 from leads c where c.id = b.row_id)
  ), pipeline as (
    select t.rm_id, t.product_id, t.source, t.status, case when t.status = 'denied' then t.denial_reason end as denial_reason,
      coalesce(case when w.row_id is null then u.main_team_id else w.team_id end, t.team_id) as team_id,
      case when t.currency = f.currency then t.value end as value,
      t.since > t.created_at and t.since >= f.day_starts as moved,
      (t.created_at at time zone f.time_zone)::date as created_on,
      case when t.status = 'converted' then (t.converted_at at time zone f.time_zone)::date end as converted_on,
      case when t.status = 'denied' then (t.denied_at at time zone f.time_zone)::date end as denied_on,
      greatest(0, ${onDate}::date - (t.since at time zone f.time_zone)::date) as days
    from (
      select o.*, case when o.status_changed_at < (select day_ends from firm) then o.status_changed_at else o.created_at end as since
      from then_ o
    ) t cross join firm f
    left join users u on u.id = t.rm_id left join team_before w on w.row_id = t.rm_id
    where t.created_at < f.day_ends
  )`;

const COLUMNS = sql`l.conversion_rm_id as rm_id, l.team_id, l.product_id, l.mode as source, l.status, l.denial_reason,
  l.expected_value as value, l.currency, l.created_at, l.status_changed_at, l.converted_at, l.denied_at`;
