import { and, eq, inArray, max, ne, sql } from 'drizzle-orm';
import { z } from 'zod';
import { asSystem, type Tx } from '#lib/platform/db/transactions.server.ts';
import { type Cadence, localDateOf, occurrencesSince } from './cadence.ts';
import { defineJob } from './define.server.ts';
import { enqueue } from './outbox.server.ts';
import { reach } from './points.ts';
import { jobRuns } from './schema.server.ts';
import { failureText, type JobContext } from './work.server.ts';

/** An entry of the timetable. */
export interface TimetableEntry {
  title: string;
  cadence: Cadence;
}

export interface Occasion {
  /** The moment the run was due, which may be long ago after downtime. */
  dueAt: Date;
  /** The firm's date at that moment, `YYYY-MM-DD`: a report is for this date, not for today. */
  localDate: string;
  timeZone: string;
  /** Somebody asked for this run, beside the timetable. */
  asked: boolean;
  signal: AbortSignal;
}

export interface Schedule extends TimetableEntry {
  name: string;
  /** Does the work and says in a few words what it did; null: there was nothing to do. May come twice for an occasion. */
  run(occasion: Occasion): Promise<string | null>;
}

/** Ticks once a minute and starts what Postgres says is due. */
export const tickJob = defineJob('schedules.tick', z.strictObject({}));

/** One run of one schedule. */
export const runJob = defineJob(
  'schedules.run',
  z.strictObject({ schedule: z.string(), dueAt: z.iso.datetime(), askedById: z.int().optional() }),
  {
    attempts: 8
  }
);

/** Starts a run now, beside the timetable, for a person if one asked. `name` must be in the timetable. */
export async function runSchedule(tx: Tx, name: string, askedById?: number): Promise<void> {
  const now = Date.now();
  // A run of the timetable is due on a whole minute, so this tells one from the other.
  const dueAt = new Date(now % 60_000 === 0 ? now + 1 : now);
  await enqueue(tx, runJob, { schedule: name, dueAt: dueAt.toISOString(), askedById });
}

/**
 * Starts whatever has fallen due since each schedule's last run, after downtime too. Two at the same moment start
 * one run: a schedule is due at a moment once. A schedule seen for the first time begins from now.
 */
export async function startDue(schedules: Schedule[], timeZone: string, now = new Date()): Promise<string[]> {
  const announced = await asSystem(async (tx) => {
    const started: string[] = [];
    const last = await lastDue(tx, schedules);
    for (const { name, cadence } of schedules) {
      const since = last.get(name);
      if (!since) await beginWith(tx, name, now);
      for (const dueAt of since ? occurrencesSince(cadence, timeZone, since, now) : []) {
        if (await announce(tx, name, dueAt)) started.push(name);
      }
    }
    return started;
  });
  reach('run announced');
  return announced;
}

async function lastDue(tx: Tx, schedules: Schedule[]): Promise<Map<string, Date>> {
  const names = schedules.map(({ name }) => name);
  const rows = await tx
    .select({ name: jobRuns.schedule, dueAt: max(jobRuns.dueAt) })
    .from(jobRuns)
    .where(
      and(inArray(jobRuns.schedule, names), sql`date_trunc('minute', ${jobRuns.dueAt}) = ${jobRuns.dueAt}`)
    )
    .groupBy(jobRuns.schedule);
  return new Map(rows.flatMap(({ name, dueAt }) => (dueAt ? [[name, dueAt]] : [])));
}

async function beginWith(tx: Tx, schedule: string, now: Date): Promise<void> {
  const dueAt = new Date(Math.floor(now.getTime() / 60_000) * 60_000);
  const row = {
    schedule,
    dueAt,
    startedAt: now,
    finishedAt: now,
    state: 'done' as const,
    did: 'Runs from now on'
  };
  await tx.insert(jobRuns).values(row).onConflictDoNothing();
}

async function announce(tx: Tx, schedule: string, dueAt: Date): Promise<boolean> {
  const row = { schedule, dueAt, state: 'running' as const, attempt: 0 };
  const added = await tx.insert(jobRuns).values(row).onConflictDoNothing().returning({ id: jobRuns.id });
  if (added.length > 0) await enqueue(tx, runJob, { schedule, dueAt: dueAt.toISOString() });
  return added.length > 0;
}

/** Does one run and records how it went. Does nothing for a run that is done. */
export async function performRun(
  schedule: Schedule,
  dueAt: Date,
  timeZone: string,
  { signal, lastAttempt }: Pick<JobContext, 'signal' | 'lastAttempt'>,
  askedById?: number
): Promise<void> {
  if (!(await begin(schedule.name, dueAt, askedById))) return;
  reach('run begun');
  try {
    // A run of the timetable is due on a whole minute, one that was asked for is not.
    const asked = dueAt.getTime() % 60_000 !== 0;
    const did = await schedule.run({
      dueAt,
      localDate: localDateOf(dueAt, timeZone),
      timeZone,
      asked,
      signal
    });
    await record(schedule.name, dueAt, { state: 'done', did, error: null });
    reach('run recorded');
  } catch (error) {
    const state = lastAttempt ? 'failed' : 'running';
    await record(schedule.name, dueAt, { state, error: failureText(error) });
    throw error;
  }
}

async function begin(schedule: string, dueAt: Date, askedById?: number): Promise<boolean> {
  const started = { startedAt: sql`now()`, finishedAt: null, state: 'running' as const };
  const rows = await asSystem((tx) =>
    tx
      .insert(jobRuns)
      .values({ schedule, dueAt, askedById, ...started })
      .onConflictDoUpdate({
        target: [jobRuns.schedule, jobRuns.dueAt],
        set: { ...started, attempt: sql`${jobRuns.attempt} + 1` },
        setWhere: ne(jobRuns.state, 'done')
      })
      .returning({ id: jobRuns.id })
  );
  return rows.length > 0;
}

/**
 * Keeps what was done outside the timetable in the history of the schedule that would have done it. Such a run is due
 * when it began, never on a whole minute, so that the timetable does not take it for one of its own.
 */
export async function recordWork(schedule: string, startedAt: Date, did: string): Promise<void> {
  const dueAt = new Date(startedAt.getTime() % 60_000 === 0 ? startedAt.getTime() + 1 : startedAt);
  const row = { schedule, dueAt, startedAt, finishedAt: sql`now()`, state: 'done' as const, did };
  await asSystem((tx) => tx.insert(jobRuns).values(row).onConflictDoNothing());
}

interface Outcome {
  state: 'running' | 'done' | 'failed';
  did?: string | null;
  error: string | null;
}

/** Of two that did the same run at once the first to be done says how it went. */
async function record(schedule: string, dueAt: Date, outcome: Outcome): Promise<void> {
  await asSystem((tx) =>
    tx
      .update(jobRuns)
      .set({ ...outcome, finishedAt: sql`now()` })
      .where(and(eq(jobRuns.schedule, schedule), eq(jobRuns.dueAt, dueAt), ne(jobRuns.state, 'done')))
  );
}
