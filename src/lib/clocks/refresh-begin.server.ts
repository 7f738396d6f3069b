import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { endClocks } from './clock-writes.server.ts';
import { startPlanned } from './commands.server.ts';
import { startOf } from './late-start.ts';
import type { SubjectKind, TargetName } from './model.ts';
import { planNew } from './new-clocks.server.ts';
import { lockOpenClocksOf, type OpenClock } from './open-clocks.server.ts';
import { loadPolicies, matchOf, stepsFor } from './policies.server.ts';
import type { Promised } from './refresh-promises.ts';
import { readSubjects } from './subjects.server.ts';

/** A promise that has to run from now on, and on what. */
export interface Begun {
  id: number;
  target: TargetName;
  promised: Promised;
  /** Of the record. */
  createdAt: Date;
}

/** Of one target of one record. */
export const keyOf = (id: number, target: TargetName) => `${target} ${id}`;

/** Starts the clocks of promises as the policies say that match their records, and ends those that were kept already. */
export async function beginPromises(tx: Tx, kind: SubjectKind, begun: Begun[], now: Date): Promise<void> {
  if (begun.length === 0) return;
  const policies = await loadPolicies(tx, kind);
  const subjects = await readSubjects(
    tx,
    kind,
    begun.map(({ id }) => id)
  );
  const planned = begun.flatMap(({ id, target, promised, createdAt }) => {
    const subject = subjects.get(id);
    const policy = subject && matchOf(policies, subject);
    const promise = policy?.targets.find((each) => each.target === target);
    const isDateless = promise?.unit === 'on_date' && promised.onDate === null;
    if (!subject || !policy || !promise || isDateless) return [];
    const terms = { calendar: policy.calendar, target: promise, steps: stepsFor(policy, target) };
    return [planNew(policy, promise, subject, { ...startOf(promised, terms, createdAt), now })];
  });
  await startPlanned(tx, planned, now);
  await endKept(tx, kind, begun);
}

async function endKept(tx: Tx, kind: SubjectKind, begun: Begun[]): Promise<void> {
  const keptAt = new Map(
    begun.flatMap(({ id, target, promised }) =>
      promised.keptAt ? [[keyOf(id, target), promised.keptAt] as const] : []
    )
  );
  if (keptAt.size === 0) return;
  const open = await lockOpenClocksOf(
    tx,
    kind,
    begun.map(({ id }) => id)
  );
  const at = ({ subjectId, target }: OpenClock) => keptAt.get(keyOf(subjectId, target));
  await endClocks(
    tx,
    open.filter((clock) => at(clock) !== undefined),
    'satisfied',
    (clock) => ({ at: at(clock) ?? clock.now })
  );
}
