import { sql, type SQL } from 'drizzle-orm';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import type { RunState } from './model.ts';

const COUNTED = 1000;

/** One run, or many in a row of one schedule that found nothing to do. */
interface RunLine {
  /** Of the run, or of the last of them. */
  id: number;
  schedule: string;
  dueAt: Date;
  startedAt: Date | null;
  finishedAt: Date | null;
  state: RunState;
  attempt: number;
  did: string | null;
  error: string | null;
  askedBy: string | null;
  /** How many runs the line stands for. */
  runs: number;
  /** When the first of them was due. */
  since: Date;
}

interface RunListing {
  filter?:
    { schedule?: string | undefined; state?: RunState | undefined; from?: string | undefined } | undefined;
  /** Every run on a line of its own. */
  every?: boolean | undefined;
  cursor?: string | undefined;
  limit?: number | undefined;
}

interface RunRow extends Record<string, unknown> {
  id: number;
  schedule: string;
  dueAt: string;
  startedAt: string | null;
  finishedAt: string | null;
  state: RunState;
  attempt: number;
  did: string | null;
  error: string | null;
  askedBy: string | null;
  runs: number;
  since: string;
  total: number;
}

/**
 * The history of runs, newest first. Runs of a schedule that found nothing to do and follow each other are one line,
 * unless somebody asked for them.
 */
export async function listRuns(tx: Tx, { filter = {}, every = false, cursor, limit = 50 }: RunListing) {
  const rows = await tx.execute<RunRow>(sql`
    with wanted as materialized (
      select id, schedule, due_at, state = 'done' and did is null and asked_by_id is null as empty from job_runs
      where ${filter.schedule ? sql`schedule = ${filter.schedule}` : sql`true`}
        and ${filter.state ? sql`state = ${filter.state}` : sql`true`}
        and ${filter.from ? since(filter.from) : sql`true`}),
    lines as (${every ? singly : folded}),
    counted as (select count(*)::int as total from (select 1 from lines limit ${COUNTED + 1}) l)
    select r.id::int as id, r.schedule, r.due_at as "dueAt", r.started_at as "startedAt", r.finished_at as "finishedAt",
      r.state, r.attempt, r.did, r.error, u.name as "askedBy", l.runs, l.since, c.total
    from counted c
    left join (select * from lines ${cursor ? sql`where id < ${cursor}::bigint` : sql``} order by id desc limit ${limit + 1}) l on true
    left join job_runs r on r.id = l.id
    left join users u on u.id = r.asked_by_id
    order by r.id desc`);
  const lines = rows.filter((row) => row.id !== null).map(asLine);
  const items = lines.slice(0, limit);
  const total = rows[0]?.total ?? 0;
  return {
    items,
    nextCursor: lines.length > limit ? String(items.at(-1)?.id) : null,
    total,
    totalIsEstimate: total > COUNTED
  };
}

const since = (day: string): SQL =>
  sql`due_at >= ${day}::date::timestamp at time zone (select time_zone from firm_settings)`;

const singly: SQL = sql`select id, 1 as runs, due_at as since from wanted`;

/** Runs that did something number the stretches between them. */
const folded: SQL = sql`
  select max(id) as id, count(*)::int as runs, min(due_at) as since
  from (select *, count(*) filter (where not empty) over (partition by schedule order by id) as stretch from wanted) s
  group by schedule, stretch, empty`;

function asLine({ total: _, ...row }: RunRow): RunLine {
  const moment = (text: string | null) => (text === null ? null : new Date(text));
  return {
    ...row,
    dueAt: new Date(row.dueAt),
    since: new Date(row.since),
    startedAt: moment(row.startedAt),
    finishedAt: moment(row.finishedAt)
  };
}
