import { and, eq, isNull, sql } from 'drizzle-orm';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { wakeAt } from './jobs.server.ts';
import type { SegmentKind, Subject, SubjectRef, TargetName, WaitingFor } from './model.ts';
import { lockOpenClocks, type OpenClock } from './open-clocks.server.ts';
import { clockUse } from './plan.ts';
import { storedPlan, writeSteps, type StoredPlan } from './planning.server.ts';
import { matchPolicy } from './policies.server.ts';
import { clocks, clockSegments } from './schema.server.ts';

interface When {
  /** The database's now when left out; for imports and seeds, in the past. */
  at?: Date;
}

const actingUser = sql<number | null>`app.user_id()`;

/**
 * The client has it: the clocks stand still. A third party has it: they run on, and the time is counted apart.
 * Does nothing where no clock is open.
 */
export async function waitOn(
  tx: Tx,
  subject: SubjectRef,
  kind: WaitingFor,
  reason: string,
  when: When = {}
): Promise<void> {
  await changeHands(tx, subject, kind, reason, when);
}

/** The work is ours again: paused clocks go on with what was left of their targets. */
export async function resume(
  tx: Tx,
  subject: SubjectRef,
  reason = 'Resumed',
  when: When = {}
): Promise<void> {
  await changeHands(tx, subject, 'ours', reason, when);
}

/** The promise of this target was kept, in time or not; the clock keeps what it used. */
export async function satisfyClock(
  tx: Tx,
  subject: SubjectRef,
  target: TargetName,
  when: When = {}
): Promise<void> {
  for (const clock of await lockOpenClocks(tx, subject)) {
    if (clock.target === target) await endClock(tx, clock, 'satisfied', when);
  }
}

/** The promise is void: rejected, withdrawn, opened by mistake. */
export async function cancelClocks(tx: Tx, subject: SubjectRef, when: When = {}): Promise<void> {
  for (const clock of await lockOpenClocks(tx, subject)) await endClock(tx, clock, 'cancelled', when);
}

/**
 * After a change of type, priority or tier: running clocks go over to the policy that matches now, from their
 * own start and with the pauses they had. Steps that were carried out stay so.
 */
export async function reviseClocks(tx: Tx, subject: Subject): Promise<void> {
  const policy = await matchPolicy(tx, subject);
  for (const clock of await lockOpenClocks(tx, subject)) {
    const target = policy?.targets.find((each) => each.target === clock.target);
    if (!policy || !target) await endClock(tx, clock, 'cancelled', {});
    else if (policy.policyVersionId !== clock.policyVersionId) {
      await tx
        .update(clocks)
        .set({ policyVersionId: policy.policyVersionId, calendarId: policy.calendarId })
        .where(eq(clocks.id, clock.id));
      const terms = { ...clock.terms, calendar: policy.calendar, target };
      const steps = policy.steps.filter((step) => step.target === clock.target);
      await writePlan(tx, { ...clock, terms, steps }, clock.now);
    }
  }
}

async function changeHands(tx: Tx, subject: SubjectRef, kind: SegmentKind, cause: string, { at }: When) {
  for (const clock of await lockOpenClocks(tx, subject)) {
    const last = clock.segments.at(-1);
    if (last?.kind === kind) continue;
    const moment = notBefore(at ?? clock.now, last?.from);
    const closed = clock.segments.with(-1, {
      kind: last?.kind ?? 'ours',
      from: last?.from ?? moment,
      to: moment
    });
    await closeSegment(tx, clock.id, moment);
    await tx
      .insert(clockSegments)
      .values({ clockId: clock.id, kind, cause, userId: actingUser, fromAt: moment });
    await writePlan(tx, { ...clock, segments: [...closed, { kind, from: moment, to: null }] }, clock.now);
  }
}

async function writePlan(tx: Tx, clock: OpenClock, now: Date): Promise<void> {
  const plan = storedPlan(clock, now);
  await writeSteps(tx, clock.id, plan.steps);
  await tx.update(clocks).set(columnsOf(plan)).where(eq(clocks.id, clock.id));
  await wakeAt(tx, plan.nextActionAt, now);
}

function columnsOf(plan: StoredPlan) {
  return {
    state: plan.paused ? ('paused' as const) : ('running' as const),
    dueAt: plan.dueAt,
    warnAt: plan.warnAt,
    nextActionAt: plan.nextActionAt,
    updatedAt: sql`now()`
  };
}

async function endClock(
  tx: Tx,
  clock: OpenClock,
  state: 'satisfied' | 'cancelled',
  { at }: When
): Promise<void> {
  const endedAt = notBefore(at ?? clock.now, clock.segments.at(-1)?.from);
  const { used, total } = clockUse(clock.terms, clock.segments, endedAt);
  const due = storedPlan(clock, endedAt).dueAt;
  const late = due !== null && due < endedAt && used > total;
  await closeSegment(tx, clock.id, endedAt);
  await tx
    .update(clocks)
    .set({
      state,
      endedAt,
      dueAt: due,
      nextActionAt: null,
      breachedAt: clock.breachedAt ?? (late ? due : null),
      minutesUsed: Math.round(used),
      minutesOver: Math.round(Math.max(0, used - total)),
      updatedAt: sql`now()`
    })
    .where(eq(clocks.id, clock.id));
}

async function closeSegment(tx: Tx, clockId: number, at: Date): Promise<void> {
  await tx
    .update(clockSegments)
    .set({ toAt: at })
    .where(and(eq(clockSegments.clockId, clockId), isNull(clockSegments.toAt)));
}

function notBefore(moment: Date, floor: Date | undefined): Date {
  return floor && moment < floor ? floor : moment;
}
