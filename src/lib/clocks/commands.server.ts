import { eq, sql } from 'drizzle-orm';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import {
  earliest,
  endClock,
  latest,
  nextSegment,
  openSegment,
  storedPlan,
  writePlan,
  writeSteps
} from './clock-rows.server.ts';
import { wakeAt } from './jobs.server.ts';
import type { SegmentKind, Subject, SubjectRef, TargetName, WaitingFor } from './model.ts';
import { lockOpenClocks } from './open-clocks.server.ts';
import type { Segment } from './plan.ts';
import { matchPolicy, type MatchedPolicy, type PolicyTarget } from './policies.server.ts';
import { clocks } from './schema.server.ts';

interface When {
  /** The database's now when left out; for imports and seeds, in the past. */
  at?: Date;
}

/**
 * Starts the clocks that the first matching policy promises; none where no policy matches. For reopened work it
 * starts the next round: what is running is not started again, and a first response is given once.
 * `cause` is said in the explanation, such as "Reopened: the signature was missing".
 */
export async function startClocks(
  tx: Tx,
  subject: Subject,
  { at, cause = 'Opened' }: When & { cause?: string } = {}
): Promise<void> {
  const policy = await matchPolicy(tx, subject);
  if (!policy) return;
  const next: (Date | null)[] = [];
  for (const target of policy.targets) {
    const round = await nextRound(tx, subject, target.target);
    if (round !== null)
      next.push(await startClock(tx, subject, { policy, target, round, cause, at: at ?? policy.now }));
  }
  await wakeAt(tx, earliest(next), policy.now);
}

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
  { at }: When = {}
): Promise<void> {
  for (const clock of await lockOpenClocks(tx, subject)) {
    if (clock.target === target) await endClock(tx, clock, 'satisfied', at);
  }
}

/** The promise is void: rejected, withdrawn, opened by mistake. */
export async function cancelClocks(tx: Tx, subject: SubjectRef, { at }: When = {}): Promise<void> {
  for (const clock of await lockOpenClocks(tx, subject)) await endClock(tx, clock, 'cancelled', at);
}

/**
 * After a change of type, priority or tier: running clocks go over to the policy that matches now, from their
 * own start and with the pauses they had. Steps that were carried out stay so.
 */
export async function reviseClocks(tx: Tx, subject: Subject): Promise<void> {
  const policy = await matchPolicy(tx, subject);
  for (const clock of await lockOpenClocks(tx, subject)) {
    const target = policy?.targets.find((each) => each.target === clock.target);
    if (!policy || !target) await endClock(tx, clock, 'cancelled');
    else if (policy.policyVersionId !== clock.policyVersionId) {
      const { policyVersionId, calendarId, calendar } = policy;
      // A longer promise may not be broken any more; if it is, the sweep finds out.
      await tx
        .update(clocks)
        .set({ policyVersionId, calendarId, breachedAt: null })
        .where(eq(clocks.id, clock.id));
      const terms = { calendar, target, startedAt: clock.terms.startedAt };
      await writePlan(tx, { ...clock, terms, steps: stepsFor(policy, target), breachedAt: null });
    }
  }
}

async function changeHands(tx: Tx, subject: SubjectRef, kind: SegmentKind, cause: string, when: When) {
  for (const clock of await lockOpenClocks(tx, subject)) {
    const last = clock.segments.at(-1);
    if (!last || last.kind === kind) continue;
    const at = latest(when.at ?? clock.now, last.from);
    await nextSegment(tx, clock.id, { kind, cause, at });
    const segments = [...clock.segments.with(-1, { ...last, to: at }), { kind, from: at, to: null }];
    await writePlan(tx, { ...clock, segments });
  }
}

interface Start {
  policy: MatchedPolicy;
  target: PolicyTarget;
  round: number;
  cause: string;
  at: Date;
}

/** Returns when the sweep must look at the new clock. */
async function startClock(
  tx: Tx,
  subject: Subject,
  { policy, target, round, cause, at }: Start
): Promise<Date | null> {
  const segments: Segment[] = [{ kind: 'ours', from: at, to: null }];
  const terms = { calendar: policy.calendar, target, startedAt: at };
  const ladder = stepsFor(policy, target);
  const { steps, ...columns } = storedPlan(
    { terms, segments, steps: ladder, carried: [], breachedAt: null },
    policy.now
  );
  const { policyVersionId, calendarId } = policy;
  const started = {
    clientId: subject.clientId,
    target: target.target,
    policyVersionId,
    calendarId,
    startedAt: at
  };
  const [row] = await tx
    .insert(clocks)
    .values({ subjectKind: subject.kind, subjectId: subject.id, round, ...started, ...columns })
    .onConflictDoNothing()
    .returning({ id: clocks.id });
  if (!row) return null;
  await openSegment(tx, row.id, { kind: 'ours', cause, at });
  await writeSteps(tx, row.id, steps);
  return columns.nextActionAt;
}

/** Null where a clock for the target runs already, or where it is given once and was. */
async function nextRound(tx: Tx, { kind, id }: SubjectRef, target: TargetName): Promise<number | null> {
  const [last] = await tx.execute<{ rounds: number; open: boolean }>(sql`
    select count(*)::int as rounds, coalesce(bool_or(state in ('running', 'paused')), false) as open
    from clocks where subject_kind = ${kind} and subject_id = ${id} and target = ${target}`);
  const rounds = last?.rounds ?? 0;
  return last?.open || (target === 'first_response' && rounds > 0) ? null : rounds + 1;
}

function stepsFor(policy: MatchedPolicy, { target }: PolicyTarget) {
  return policy.steps.filter((step) => step.target === target);
}
