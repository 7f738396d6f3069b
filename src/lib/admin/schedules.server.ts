import { sql } from 'drizzle-orm';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { nextOccurrence, type Cadence } from '#lib/platform/jobs/cadence.ts';
import type { RunState } from './model.ts';

interface LastRun {
  dueAt: Date;
  startedAt: Date | null;
  state: RunState;
  did: string | null;
  error: string | null;
}

interface ScheduleRow extends Record<string, unknown> {
  name: string;
  last: Written<LastRun> | null;
  lastWork: Written<LastRun> | null;
  failedLately: number;
  askedBy: string | null;
}

/** As JSON has it: moments are text. */
type Written<T> = { [Key in keyof T]: Date extends T[Key] ? string : T[Key] };

const runJson = sql`json_build_object('dueAt', due_at, 'startedAt', started_at, 'state', state, 'did', did, 'error', error)`;

/**
 * Each schedule with its last run, the last one that found something to do, when it comes next, how often it failed for
 * good in the last seven days, and who has asked for a run that has not begun.
 */
export async function listSchedules(
  tx: Tx,
  timetable: Record<string, { title: string; cadence: Cadence }>,
  timeZone: string
) {
  const names = JSON.stringify(Object.keys(timetable));
  const rows = await tx.execute<ScheduleRow>(sql`
    select name,
      (select ${runJson} from job_runs where schedule = name order by due_at desc limit 1) as last,
      (select ${runJson} from job_runs where schedule = name and (did is not null or state <> 'done')
        order by due_at desc limit 1) as "lastWork",
      (select count(*)::int from job_runs
        where schedule = name and state = 'failed' and due_at > now() - interval '7 days') as "failedLately",
      (select u.name from job_outbox o join users u on u.id = (o.payload ->> 'askedById')::bigint
        where o.finished_at is null and o.payload ->> 'schedule' = names.name order by o.id desc limit 1) as "askedBy"
    from jsonb_array_elements_text(${names}::text::jsonb) as names (name)`);
  return Object.entries(timetable).map(([name, { title, cadence }]) => {
    const row = rows.find((one) => one.name === name);
    return {
      name,
      title,
      cadence,
      lastRun: asRun(row?.last),
      lastWork: asRun(row?.lastWork),
      nextRunAt: nextOccurrence(cadence, timeZone, new Date()),
      failedLately: row?.failedLately ?? 0,
      askedBy: row?.askedBy ?? null
    };
  });
}

function asRun(run: Written<LastRun> | null | undefined): LastRun | null {
  if (!run) return null;
  return { ...run, dueAt: new Date(run.dueAt), startedAt: run.startedAt ? new Date(run.startedAt) : null };
}
