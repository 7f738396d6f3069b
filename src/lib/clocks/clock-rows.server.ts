import { and, eq, isNull, sql } from 'drizzle-orm';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { wakeAt } from './jobs.server.ts';
import type { SegmentKind } from './model.ts';
import type { OpenClock } from './open-clocks.server.ts';
import { clockUse, planClock, type ClockTerms, type Segment } from './plan.ts';
import type { PolicyStep } from './policies.server.ts';
import { clocks, clockSegments } from './schema.server.ts';

interface PlannedStep extends PolicyStep {
  actionAt: Date | null;
}

/** The moments that are stored with a clock. */
export interface StoredPlan {
  state: 'running' | 'paused';
  dueAt: Date | null;
  warnAt: Date | null;
  nextActionAt: Date | null;
  steps: PlannedStep[];
}

interface Plannable {
  terms: ClockTerms;
  segments: Segment[];
  steps: PolicyStep[];
  carried: string[];
  breachedAt: Date | null;
}

/** Works out what the rows of a clock must say now. */
export function storedPlan(clock: Plannable, now: Date): StoredPlan {
  const { terms, segments, steps, carried } = clock;
  const plan = planClock(terms, segments, steps, now);
  const planned = steps.map((step) => ({ ...step, actionAt: plan.steps.get(step.key) ?? null }));
  const ahead = planned.filter((step) => !carried.includes(step.key)).map((step) => step.actionAt);
  return {
    state: segments.at(-1)?.kind === 'client' ? 'paused' : 'running',
    dueAt: plan.dueAt,
    warnAt: planned.find((step) => step.kind === 'warning')?.actionAt ?? null,
    nextActionAt: earliest(clock.breachedAt ? ahead : [...ahead, plan.dueAt]),
    steps: planned
  };
}

export async function writePlan(tx: Tx, clock: OpenClock): Promise<void> {
  const { steps, ...columns } = storedPlan(clock, clock.now);
  await writeSteps(tx, clock.id, steps);
  await tx
    .update(clocks)
    .set({ ...columns, updatedAt: sql`now()` })
    .where(eq(clocks.id, clock.id));
  await wakeAt(tx, columns.nextActionAt, clock.now);
}

/** Writes the plan's steps, replacing those that are there; a step that the ladder no longer has goes. */
export async function writeSteps(tx: Tx, clockId: number, steps: PlannedStep[]): Promise<void> {
  const rows = JSON.stringify(
    steps.map(({ key, position, kind, tell, tellUserId, actionAt }) => ({
      step_key: key,
      position,
      kind,
      tell,
      tell_user_id: tellUserId,
      action_at: actionAt
    }))
  );
  await tx.execute(sql`
    with wanted as (
      select * from jsonb_to_recordset(${rows}::text::jsonb) as w(
        step_key text, position int, kind text, tell text, tell_user_id bigint, action_at timestamptz)),
    gone as (
      delete from clock_steps where clock_id = ${clockId} and step_key not in (select step_key from wanted))
    insert into clock_steps (clock_id, step_key, position, kind, tell, tell_user_id, action_at)
    select ${clockId}::bigint, step_key, position, kind, tell, tell_user_id, action_at from wanted
    on conflict (clock_id, step_key) do update set position = excluded.position, kind = excluded.kind,
      tell = excluded.tell, tell_user_id = excluded.tell_user_id, action_at = excluded.action_at`);
}

interface Beginning {
  kind: SegmentKind;
  cause: string;
  at: Date;
}

/** The first segment of a clock. */
export async function openSegment(tx: Tx, clockId: number, { kind, cause, at }: Beginning): Promise<void> {
  await tx
    .insert(clockSegments)
    .values({ clockId, kind, cause, userId: sql<number | null>`app.user_id()`, fromAt: at });
}

/** Somebody else has the work from `at` on: closes the open segment and begins the next. */
export async function nextSegment(tx: Tx, clockId: number, beginning: Beginning): Promise<void> {
  await closeSegment(tx, clockId, beginning.at);
  await openSegment(tx, clockId, beginning);
}

/** Ends a clock and keeps what it used. A promise broken before the sweep came by counts as breached. */
export async function endClock(
  tx: Tx,
  clock: OpenClock,
  state: 'satisfied' | 'cancelled',
  at: Date = clock.now
): Promise<void> {
  const endedAt = latest(at, clock.segments.at(-1)?.from);
  const { used, total } = clockUse(clock.terms, clock.segments, endedAt);
  const { dueAt } = storedPlan(clock, endedAt);
  const late = dueAt !== null && dueAt < endedAt && used > total;
  await closeSegment(tx, clock.id, endedAt);
  await tx
    .update(clocks)
    .set({
      state,
      endedAt,
      dueAt,
      nextActionAt: null,
      breachedAt: clock.breachedAt ?? (late ? dueAt : null),
      minutesUsed: Math.round(used),
      minutesOver: Math.round(Math.max(0, used - total)),
      updatedAt: sql`now()`
    })
    .where(eq(clocks.id, clock.id));
}

export function earliest(moments: (Date | null)[]): Date | null {
  const times = moments.filter((moment) => moment !== null).map((moment) => moment.getTime());
  return times.length > 0 ? new Date(Math.min(...times)) : null;
}

export function latest(moment: Date, floor: Date | undefined): Date {
  return floor && moment < floor ? floor : moment;
}

async function closeSegment(tx: Tx, clockId: number, at: Date): Promise<void> {
  await tx
    .update(clockSegments)
    .set({ toAt: at })
    .where(and(eq(clockSegments.clockId, clockId), isNull(clockSegments.toAt)));
}
