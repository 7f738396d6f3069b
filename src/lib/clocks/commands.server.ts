import { eq, sql } from 'drizzle-orm';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { endClocks, replan } from './clock-writes.server.ts';
import { wakeAt } from './jobs.server.ts';
import type { SegmentKind, Subject, SubjectKind, SubjectRef, TargetName, WaitingFor } from './model.ts';
import { readLapsed, runLapsed } from './lapsed.server.ts';
import type { Handing } from './move-changes.server.ts';
import { reasonsFor } from './move-reasons.server.ts';
import { hasMoved, noteMoves, type Moved } from './moves.server.ts';
import { insertClocks, planNew, type NewClock } from './new-clocks.server.ts';
import { lockOpenClocks, lockOpenClocksOf, type OpenClock } from './open-clocks.server.ts';
import { loadPolicies, matchOf, type LoadedPolicy } from './policies.server.ts';
import { clockSegments } from './schema.server.ts';
import { earliest, latest } from './stored-plan.ts';
import { readSubjects } from './subjects.server.ts';
import { underPolicy } from './under-policy.server.ts';

interface When {
  /** The database's now when left out; for imports and seeds, in the past. */
  at?: Date;
}

/** What begins with the record itself; the others begin with what happens to it. */
const BEGINS_WITH_RECORD: readonly TargetName[] = ['first_response', 'resolution', 'first_call'];

interface Beginning extends When {
  /** Said in the explanation, such as "Reopened: the signature was missing". */
  cause?: string;
  /** The targets to start, as far as the policy promises them; those that begin with the record when left out. */
  targets?: readonly TargetName[];
}

/**
 * Starts the clocks that the first matching policy promises; none where no policy matches. For reopened work it
 * starts the next round: what is running is not started again, and a first response is given once. Promises for a
 * date are started in bulk, with `planNew` and `insertClocks`.
 */
export async function startClocks(
  tx: Tx,
  subject: Subject,
  { at, cause = 'Opened', targets = BEGINS_WITH_RECORD }: Beginning = {}
): Promise<void> {
  const policy = matchOf(await loadPolicies(tx, subject.kind), subject);
  if (!policy) return;
  const now = await databaseNow(tx);
  const planned = policy.targets
    .filter(({ target, unit }) => targets.includes(target) && unit !== 'on_date')
    .map((target) => planNew(policy, target, subject, { startedAt: at ?? now, cause, now }));
  await startPlanned(tx, planned, now);
}

/** Writes planned clocks, see `insertClocks`, and wakes the sweep where it must look soon. */
export async function startPlanned(tx: Tx, planned: NewClock[], now: Date): Promise<number[]> {
  const added = await insertClocks(tx, planned);
  if (added.length > 0) await wakeAt(tx, earliest(planned.map(({ plan }) => plan.nextActionAt)), now);
  return added;
}

/** The database's clock at the start of the transaction. */
export async function databaseNow(tx: Tx): Promise<Date> {
  const [row] = await tx.execute<{ now: string }>(sql`select to_json(now()) #>> '{}' as now`);
  return new Date(row?.now ?? Number.NaN);
}

/**
 * Somebody else has the work. Whether the clocks stand still then is for the policy to say; where they run on, the
 * time is counted apart. Does nothing where no clock is open.
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

/** The promise of a target, or of several, was kept, in time or not; the clocks keep what they used. */
export async function satisfyClock(
  tx: Tx,
  subject: SubjectRef,
  targets: TargetName | readonly TargetName[],
  { at }: When = {}
): Promise<void> {
  const open = await lockOpenClocks(tx, subject);
  await endClocks(
    tx,
    open.filter(({ target }) => [targets].flat().includes(target)),
    'satisfied',
    at
  );
}

/** The promise is void: rejected, withdrawn, opened by mistake. Of every target, or of those named. */
export async function cancelClocks(
  tx: Tx,
  subject: SubjectRef,
  { at, targets }: When & { targets?: readonly TargetName[] } = {}
): Promise<void> {
  const open = await lockOpenClocks(tx, subject);
  await endClocks(
    tx,
    open.filter(({ target }) => targets?.includes(target) ?? true),
    'cancelled',
    at
  );
}

/**
 * After a change of type, priority, team, tier or tags: running clocks go over to the policy that matches now; where it
 * promises nothing of the kind they lapse, and run again under the next that does. What it newly promises is not
 * started: that began with the record. `handing` says what of it is written only afterwards.
 */
export async function reviseClocks(tx: Tx, subject: Subject, handing?: Handing): Promise<void> {
  const { id, kind } = subject;
  await reviseOpen(tx, await lockOpenClocks(tx, subject), new Map([[id, subject]]), kind, handing);
}

/** As `reviseClocks`, for many records at once; what they are now is read here. */
export async function reviseClocksOf(tx: Tx, kind: SubjectKind, ids: number[]): Promise<void> {
  const open = await lockOpenClocksOf(tx, kind, ids);
  await reviseOpen(tx, open, await readSubjects(tx, kind, ids), kind);
}

async function reviseOpen(
  tx: Tx,
  open: OpenClock[],
  subjects: Map<number, Subject>,
  kind: SubjectKind,
  handing?: Handing
) {
  const policies = await loadPolicies(tx, kind);
  const [moved, void_]: [Moved[], OpenClock[]] = [[], []];
  for (const clock of open) {
    const subject = subjects.get(clock.subjectId);
    const policy = subject && matchOf(policies, subject);
    if (policy?.policyVersionId === clock.policyVersionId) continue;
    const revised = policy && underPolicy(clock, policy);
    if (revised) moved.push({ before: clock, after: revised });
    else void_.push(clock);
  }
  await endClocks(tx, void_, 'lapsed');
  await goOver(tx, kind, moved, policies, handing);
  await takeUpLapsed(tx, kind, subjects, policies, handing);
}

/** Clocks run under another policy, or another version of it, from now on; why, is kept. */
async function goOver(
  tx: Tx,
  kind: SubjectKind,
  over: Moved[],
  policies: LoadedPolicy[],
  handing: Handing | undefined
) {
  await replanAndWake(
    tx,
    over.map(({ after }) => after)
  );
  const moved = over.filter(hasMoved);
  const reasons = await reasonsFor(tx, kind, moved, policies, handing);
  await noteMoves(
    tx,
    moved.map((move) => ({ ...move, because: reasons.get(move.after.id) ?? [] }))
  );
}

/** Promises that lapsed and that the policy which fits now makes run again, under its terms. Returns how many. */
export async function takeUpLapsed(
  tx: Tx,
  kind: SubjectKind,
  subjects: Map<number, Subject>,
  policies: LoadedPolicy[],
  handing?: Handing
): Promise<number> {
  const promised = (clock: OpenClock): OpenClock | null => {
    const subject = subjects.get(clock.subjectId);
    const policy = subject && matchOf(policies, subject);
    return policy ? underPolicy(clock, policy) : null;
  };
  const lapsed = await readLapsed(tx, kind, [...subjects.keys()]);
  const again = await runLapsed(
    tx,
    kind,
    lapsed.filter((clock) => promised(clock) !== null)
  );
  const over = again.flatMap((before) => {
    const after = promised(before);
    return after ? [{ before, after }] : [];
  });
  await goOver(tx, kind, over, policies, handing);
  return again.length;
}

/** Writes open clocks anew, see `replan`, and wakes the sweep where it must look soon. */
export async function replanAndWake(tx: Tx, clocks: OpenClock[]): Promise<void> {
  const plans = await replan(tx, clocks);
  const now = clocks[0]?.now;
  if (now) await wakeAt(tx, earliest(plans.map(({ nextActionAt }) => nextActionAt)), now);
}

async function changeHands(tx: Tx, subject: SubjectRef, kind: SegmentKind, cause: string, when: When) {
  const moved: OpenClock[] = [];
  for (const clock of await lockOpenClocks(tx, subject)) {
    const last = clock.segments.at(-1);
    if (!last || last.kind === kind) continue;
    const at = latest(when.at ?? clock.now, last.from);
    await nextSegment(tx, clock.id, { kind, cause, at });
    const segments = [...clock.segments.with(-1, { ...last, to: at }), { kind, from: at, to: null }];
    moved.push({ ...clock, segments });
  }
  await replanAndWake(tx, moved);
}

/** Somebody else has the work from `at` on: closes the open segment and begins the next. */
async function nextSegment(
  tx: Tx,
  clockId: number,
  { kind, cause, at }: { kind: SegmentKind; cause: string; at: Date }
): Promise<void> {
  await tx
    .update(clockSegments)
    .set({ toAt: at })
    .where(sql`${eq(clockSegments.clockId, clockId)} and ${clockSegments.toAt} is null`);
  await tx
    .insert(clockSegments)
    .values({ clockId, kind, cause, userId: sql<number | null>`app.user_id()`, fromAt: at });
}
