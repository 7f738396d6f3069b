import { sql, type SQL } from 'drizzle-orm';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { endClocks } from './clock-writes.server.ts';
import { replanAndWake } from './commands.server.ts';
import type { SubjectKind, TargetName } from './model.ts';
import { lockOpenClocksOf, type OpenClock } from './open-clocks.server.ts';
import type { Kept } from './refresh-promises.ts';
import { jsonRows } from './rows.server.ts';

/** The clock of a target that was satisfied last, or that lapsed. */
interface KeptClock extends Kept {
  id: number;
  subjectId: number;
  target: TargetName;
}

interface KeptRow {
  id: number;
  subjectId: number;
  target: TargetName;
  startedAt: string;
  since: string;
  onDate: string | null;
  endedAt: string;
}

/** Of many records, the clock of each target that was satisfied last. */
export const readKept = (tx: Tx, kind: SubjectKind, ids: number[]): Promise<KeptClock[]> =>
  readLast(tx, kind, ids, sql`k.state = 'satisfied'`);

/** As `readKept`, or the one that lapsed where it is later: what lapsed and does not run was kept meanwhile. */
export const readPast = (tx: Tx, kind: SubjectKind, ids: number[]): Promise<KeptClock[]> =>
  readLast(tx, kind, ids, sql`(k.state = 'satisfied' or k.lapsed)`);

async function readLast(tx: Tx, kind: SubjectKind, ids: number[], over: SQL): Promise<KeptClock[]> {
  const rows = await jsonRows<KeptRow>(
    tx,
    sql`select distinct on (k.subject_id, k.target) json_build_object('id', k.id, 'subjectId', k.subject_id,
        'target', k.target, 'startedAt', k.started_at,
        'since', coalesce(k.taken_up_at, k.started_at), 'onDate', k.on_date, 'endedAt', k.ended_at) as row
      from jsonb_array_elements_text(${JSON.stringify(ids)}::text::jsonb) wanted
      join clocks k on k.subject_kind = ${kind} and k.subject_id = wanted.value::bigint and ${over}
      order by k.subject_id, k.target, k.round desc`
  );
  return rows.map(({ startedAt, since, endedAt, ...row }) => ({
    ...row,
    since: new Date(since),
    startedAt: new Date(startedAt),
    endedAt: new Date(endedAt)
  }));
}

/**
 * What kept them is gone: the clocks run again from where they began, and those that followed are void, for good. The
 * policies may have changed since: `reviseClocksOf` says under which they run, if any.
 */
export async function runAgain(
  tx: Tx,
  kind: SubjectKind,
  kept: Pick<KeptClock, 'id' | 'subjectId'>[],
  followers: OpenClock[]
): Promise<void> {
  await endClocks(tx, followers, 'cancelled');
  if (kept.length === 0) return;
  const ids = JSON.stringify(kept.map(({ id }) => id));
  const mine = sql`in (select value::bigint from jsonb_array_elements_text(${ids}::text::jsonb))`;
  await tx.execute(sql`
    with reopened as (
      update clock_segments g set to_at = null
      where g.id in (select max(s.id) from clock_segments s where s.clock_id ${mine} group by s.clock_id))
    update clocks set state = 'running', ended_at = null, answered_by_id = null, minutes_target = null, minutes_used = null,
      minutes_over = null, minutes_ours = null, minutes_third_party = null, minutes_client = null
    where id ${mine}`);
  await tx.execute(sql`
    update clocks later set lapsed = false from clocks k
    where k.id ${mine} and later.lapsed and later.subject_kind = k.subject_kind and later.subject_id = k.subject_id
      and later.target = k.target and later.round > k.round`);
  const again = new Set(kept.map(({ id }) => id));
  const open = await lockOpenClocksOf(
    tx,
    kind,
    kept.map(({ subjectId }) => subjectId)
  );
  await replanAndWake(
    tx,
    open.filter(({ id }) => again.has(id))
  );
}
