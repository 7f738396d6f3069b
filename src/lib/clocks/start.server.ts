import { sql } from 'drizzle-orm';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { wakeAt } from './jobs.server.ts';
import type { Subject, TargetName } from './model.ts';
import type { Segment } from './plan.ts';
import { earliest, storedPlan, writeSteps } from './planning.server.ts';
import { matchPolicy, type MatchedPolicy } from './policies.server.ts';
import { clocks, clockSegments } from './schema.server.ts';

interface Start {
  /** The database's now when left out; for imports and seeds, in the past. */
  at?: Date;
  /** Said in the explanation, such as "Reopened: signature was missing". */
  cause?: string;
}

/**
 * Starts the clocks that the first matching policy promises; none where no policy matches. For reopened work it
 * starts the next round: of what is already running nothing is started again, and a first response is given once.
 */
export async function startClocks(tx: Tx, subject: Subject, options: Start = {}): Promise<void> {
  const policy = await matchPolicy(tx, subject);
  if (!policy) return;
  const startedAt = options.at ?? policy.now;
  const next: (Date | null)[] = [];
  for (const target of policy.targets) {
    next.push(await startClock(tx, subject, policy, target.target, { ...options, at: startedAt }));
  }
  await wakeAt(tx, earliest(next), policy.now);
}

async function startClock(
  tx: Tx,
  subject: Subject,
  policy: MatchedPolicy,
  name: TargetName,
  { at, cause }: Required<Pick<Start, 'at'>> & Start
): Promise<Date | null> {
  const target = policy.targets.find((each) => each.target === name);
  if (!target) return null;
  const segments: Segment[] = [{ kind: 'ours', from: at, to: null }];
  const steps = policy.steps.filter((step) => step.target === name);
  const terms = { calendar: policy.calendar, target, startedAt: at };
  const plan = storedPlan({ terms, segments, steps, carried: [] }, policy.now);

  const id = await insertClock(tx, subject, policy, name, at, plan);
  if (id === null) return null;
  await tx
    .insert(clockSegments)
    .values({ clockId: id, kind: 'ours', cause: cause ?? 'Opened', userId: sql`app.user_id()`, fromAt: at });
  await writeSteps(tx, id, plan.steps);
  return plan.nextActionAt;
}

async function insertClock(
  tx: Tx,
  subject: Subject,
  policy: MatchedPolicy,
  target: TargetName,
  startedAt: Date,
  plan: ReturnType<typeof storedPlan>
): Promise<number | null> {
  const earlier = sql`from clocks where subject_kind = ${subject.kind} and subject_id = ${subject.id} and target = ${target}`;
  const [last] = await tx.execute<{ round: number; open: boolean }>(
    sql`select coalesce(max(round), 0) as round, coalesce(bool_or(state in ('running', 'paused')), false) as open ${earlier}`
  );
  const round = (last?.round ?? 0) + 1;
  if (last?.open || (target === 'first_response' && round > 1)) return null;
  const [row] = await tx
    .insert(clocks)
    .values({
      subjectKind: subject.kind,
      subjectId: subject.id,
      clientId: subject.clientId,
      target,
      round,
      policyVersionId: policy.policyVersionId,
      calendarId: policy.calendarId,
      startedAt,
      dueAt: plan.dueAt,
      warnAt: plan.warnAt,
      nextActionAt: plan.nextActionAt
    })
    .onConflictDoNothing()
    .returning({ id: clocks.id });
  return row?.id ?? null;
}
