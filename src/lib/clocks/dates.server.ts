import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { endClocks } from './clock-writes.server.ts';
import { replanAndWake, startPlanned } from './commands.server.ts';
import type { Subject, SubjectKind, TargetName } from './model.ts';
import { planNew } from './new-clocks.server.ts';
import { lockOpenClocksOf, type OpenClock } from './open-clocks.server.ts';
import { loadPolicies, matchOf } from './policies.server.ts';

/** A record and the date `YYYY-MM-DD` that its promise is now for. */
export interface NewDate {
  subject: Subject;
  onDate: string;
}

/**
 * Brings the clocks of one target, of many records, to their dates: one that runs for another date is moved; where
 * something of its ladder was carried out already it is cancelled and the next round begins, so that everybody is
 * reminded of the new date too. What does not run yet is started where a policy promises it. `cause` is said in the
 * explanation, such as "Follow-up planned".
 */
export async function dateClocks(
  tx: Tx,
  kind: SubjectKind,
  target: TargetName,
  dates: NewDate[],
  { cause, now }: { cause: string; now: Date }
): Promise<void> {
  const ids = dates.map(({ subject }) => subject.id);
  const open = (await lockOpenClocksOf(tx, kind, ids)).filter((clock) => clock.target === target);
  const running = new Map(open.map((clock) => [clock.subjectId, clock]));
  const change = sortOut(dates, running);
  await replanAndWake(tx, change.moved);
  await endClocks(tx, change.over, 'cancelled');
  const policies = await loadPolicies(tx, kind);
  const planned = change.begun.flatMap(({ subject, onDate }) => {
    const policy = matchOf(policies, subject);
    const promise = policy?.targets.find((each) => each.target === target && each.unit === 'on_date');
    return policy && promise
      ? [planNew(policy, promise, subject, { startedAt: now, cause, onDate, now })]
      : [];
  });
  await startPlanned(tx, planned, now);
}

function sortOut(dates: NewDate[], running: Map<number, OpenClock>) {
  const [moved, over]: [OpenClock[], OpenClock[]] = [[], []];
  const begun: NewDate[] = [];
  for (const date of dates) {
    const clock = running.get(date.subject.id);
    if (clock?.terms.onDate === date.onDate) continue;
    if (clock?.carried.length === 0) {
      moved.push({ ...clock, terms: { ...clock.terms, onDate: date.onDate } });
    } else {
      begun.push(date);
      if (clock) over.push(clock);
    }
  }
  return { moved, over, begun };
}
