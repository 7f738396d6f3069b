import { sql, type SQL } from 'drizzle-orm';
import { asSystem, type Tx } from '#lib/platform/db/transactions.server.ts';
import { log } from '#lib/platform/log.ts';
import type { Late, LateKind } from './model.ts';
import { SCHEDULE_NAMES, TIMETABLE } from './timetable.ts';

/** The schedules that the scheduler starts with every tick. */
const everyMinute = JSON.stringify(SCHEDULE_NAMES.filter((name) => TIMETABLE[name].cadence === 'minute'));

/** So many of the clocks that wait the longest are looked at; after a large recompute all of them were just moved. */
const MOST_CLOCKS = 1_000;

const PROCESS_BEGAN = new Date(performance.timeOrigin);

/** The first tick is due a minute after the process has begun, and the firm: when its first person was added. */
const firstTick = (processBegan: Date) => sql`interval '1 minute'
  + greatest(${processBegan.toISOString()}::timestamptz, (select min(created_at) from users))`;

/**
 * What the scheduler and the workers are late with, as JSON `{ kind: since }`, from indexes alone. A failing job is not
 * late: it waits for its next attempt. Where nothing ever ticked, it should have since this process and the firm began.
 * A clock that was brought into being or moved with its time long past, by an import or a changed policy, is late from
 * then on.
 */
export const latenessJson = (processBegan = PROCESS_BEGAN): SQL => sql`json_strip_nulls(json_build_object(
  'tick', (select max(tick) + interval '1 minute' from (
    select coalesce(max(ticked), ${firstTick(processBegan)}) as tick from (
      select (select due_at from job_runs where schedule = minutes.name and date_trunc('minute', due_at) = due_at
        order by due_at desc limit 1) as ticked
      from jsonb_array_elements_text(${everyMinute}::text::jsonb) as minutes (name)) ticks) latest
    having max(tick) < now() - interval '3 minutes'),
  'run', (select min(coalesce(started_at, due_at)) from job_runs
    where state = 'running' and coalesce(started_at, due_at) < now() - interval '15 minutes'),
  'handover', (select min(greatest(created_at, run_at)) from job_outbox
    where relayed_at is null and finished_at is null and greatest(created_at, run_at) < now() - interval '2 minutes'),
  'job', (select min(run_at) from job_outbox
    where finished_at is null and attempts = 0 and run_at < now() - interval '5 minutes'),
  'clock', (select min(greatest(next_action_at, updated_at)) from (
    select next_action_at, updated_at from clocks where next_action_at < now() - interval '5 minutes'
    order by next_action_at limit ${MOST_CLOCKS}) overdue
    where updated_at < now() - interval '5 minutes')))`;

/** Reads what `latenessJson` gave, the longest first. */
export function lateIn(found: Partial<Record<LateKind, string>> | null): Late[] {
  return Object.entries(found ?? {})
    .map(([kind, since]) => ({ kind: kind as LateKind, since: new Date(since) }))
    .sort((a, b) => a.since.getTime() - b.since.getTime());
}

/** What is late, as far as the actor sees it. */
export async function lateness(tx: Tx, processBegan?: Date): Promise<Late[]> {
  const [row] = await tx.execute<{ late: Record<LateKind, string> }>(
    sql`select ${latenessJson(processBegan)} as late`
  );
  return lateIn(row?.late ?? null);
}

interface SchedulerState {
  scheduler: 'on time' | 'late' | 'unknown';
  late?: Late[];
}

/** For probes: is the scheduler on time? Never throws. */
export async function schedulerState(processBegan?: Date): Promise<SchedulerState> {
  try {
    const late = await asSystem((tx) => lateness(tx, processBegan), { readOnly: true });
    return late.length > 0 ? { scheduler: 'late', late } : { scheduler: 'on time' };
  } catch (error) {
    log.warn({ err: error }, 'scheduler state');
    return { scheduler: 'unknown' };
  }
}
