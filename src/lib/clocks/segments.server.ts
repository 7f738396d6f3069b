import { sql } from 'drizzle-orm';
import { idArray } from '#lib/platform/db/arrays.server.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { ASKED, TAKEN_BACK } from './explanation.ts';

interface Cut {
  id: number;
  until: Date;
}

interface Begun {
  id: number;
  from: Date;
  /** As far as it will run; left out, it runs on. */
  until?: Date;
}

interface RunOn {
  id: number;
  endedAt: Date;
  /** As far as it will run; left out, it runs on. */
  until?: Date;
}

/** What ended clocks were after this moment is gone, and the segment before is open: whoever ends them closes it. */
export async function cutSegments(tx: Tx, clocks: Cut[]): Promise<void> {
  if (clocks.length === 0) return;
  const cut = sql`(
    select c.id, (
      select g.id from clock_segments g where g.clock_id = c.id
      order by g.from_at < c.until desc, case when g.from_at < c.until then g.id end desc, g.id limit 1) as last_id
    from jsonb_to_recordset(${JSON.stringify(clocks)}::text::jsonb) as c(id bigint, until timestamptz)) cut`;
  // First: a clock has one open segment at most.
  await tx.execute(
    sql`delete from clock_segments g using ${cut} where g.clock_id = cut.id and g.id > cut.last_id`
  );
  await tx.execute(sql`update clock_segments g set to_at = null from ${cut} where g.id = cut.last_id`);
}

/** Whom work waited on since clocks `o` ended where no other clock ran on, from its history. */
const waitedSince = sql`
  select o.id as clock_id, coalesce(a.new_values ->> 'waiting_on', 'ours') as kind,
    case when a.new_values ->> 'waiting_on' is null then 'Resumed'
      else coalesce(a.new_values ->> 'waiting_why', 'Waits') end as cause,
    a.actor_id as user_id, a.at as from_at
  from on_from o
  join audit_log a on a.row_id = o.subject_id and a.action = 'update' and jsonb_exists(a.old_values, 'waiting_on')
    and a.table_name = case o.subject_kind when 'query' then 'queries' when 'request' then 'service_requests' end
  where o.other_id is null and a.at > o.ended_at and (o.until is null or a.at < o.until)`;

/**
 * Ended clocks go on from where they ended, through the same hands as the rest of the work since: its other clock
 * that ran on knows, or else its history. Their last segment is open afterwards. `why` is the cause of time that is ours.
 */
export async function runOn(tx: Tx, clocks: RunOn[], why = TAKEN_BACK): Promise<void> {
  if (clocks.length === 0) return;
  const rows = clocks.map(({ id, endedAt, until = null }) => ({ id, ended_at: endedAt, until }));
  await tx.execute(sql`
    with on_from as (
      select w.*, k.subject_kind, k.subject_id, (
        select s.id from clocks s
        where s.subject_kind = k.subject_kind and s.subject_id = k.subject_id and s.id <> k.id
          and s.started_at <= w.ended_at and (s.ended_at is null or s.ended_at > w.ended_at)
        order by s.ended_at desc nulls first, s.id limit 1) as other_id
      from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) as w(
        id bigint, ended_at timestamptz, until timestamptz)
      join clocks k on k.id = w.id),
    since as (
      select o.id as clock_id, g.kind, g.cause, g.user_id, g.from_at
      from on_from o
      join clock_segments g on g.clock_id = o.other_id
      where g.from_at > o.ended_at and (o.until is null or g.from_at < o.until)
      union all ${waitedSince}
      union all
      select o.id, last.kind, case last.kind when 'ours' then ${why} else last.cause end, null, o.ended_at
      from on_from o
      cross join lateral (
        select g.kind, g.cause from clock_segments g where g.clock_id = o.id order by g.id desc limit 1) last)
    insert into clock_segments (clock_id, kind, cause, user_id, from_at, to_at)
    select clock_id, kind, cause, user_id, from_at, lead(from_at) over (partition by clock_id order by from_at)
    from since order by clock_id, from_at`);
}

/**
 * The segments of clocks anew, from another moment than before or for the first time: ours, and then through the hands
 * of the rest of the work. Their last segment is open afterwards.
 */
export async function beginSegments(tx: Tx, clocks: Begun[]): Promise<void> {
  if (clocks.length === 0) return;
  const rows = JSON.stringify(clocks.map(({ id, from }) => ({ id, from_at: from })));
  const begun = sql`jsonb_to_recordset(${rows}::text::jsonb) as w(id bigint, from_at timestamptz)`;
  await tx.execute(sql`delete from clock_segments g using ${begun} where g.clock_id = w.id`);
  const placed = await tx.execute<{ id: number }>(sql`
    insert into clock_segments (clock_id, kind, cause, from_at, to_at)
    select w.id, 'ours', ${ASKED}, w.from_at, w.from_at from ${begun} returning id::int8 as id`);
  await runOn(
    tx,
    clocks.map(({ id, from, until }) => ({ id, endedAt: from, until })),
    ASKED
  );
  await tx.execute(
    sql`delete from clock_segments where id = any (${idArray([...placed].map(({ id }) => Number(id)))})`
  );
}
