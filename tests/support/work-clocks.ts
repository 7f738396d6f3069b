import { and, asc, eq, sql } from 'drizzle-orm';
import type { Subject, SubjectKind, TargetName } from '#lib/clocks/model.ts';
import { policies, policySteps, policyTargets, policyVersions } from '#lib/clocks/policy-schema.server.ts';
import { drainRefresh } from '#lib/clocks/refresh.server.ts';
import { clocks, clockSegments } from '#lib/clocks/schema.server.ts';
import { asSystem, type Tx } from '#lib/platform/db/transactions.server.ts';
import { mintClient, mintQuery } from './records.ts';

/** Wall time in November 2026 where the firm is. */
export const at = (wall: string) => new Date(`2026-11-${wall}+05:30`);

/** The clocks of a record, the oldest first. */
export const clocksOf = (kind: SubjectKind, id: number, target?: TargetName) =>
  asSystem((tx) =>
    tx
      .select()
      .from(clocks)
      .where(
        and(
          eq(clocks.subjectKind, kind),
          eq(clocks.subjectId, id),
          target ? eq(clocks.target, target) : undefined
        )
      )
      .orderBy(asc(clocks.id))
  );

/** The latest one of the target. */
export async function clockOf(kind: SubjectKind, id: number, target: TargetName = 'resolution') {
  const clock = (await clocksOf(kind, id, target)).at(-1);
  if (!clock) throw new Error('No clock was started');
  return clock;
}

/** In whose hands the work was while that clock was kept, the oldest stretch first. */
export const handsOf = (clockId: number) =>
  asSystem((tx) =>
    tx
      .select({ kind: clockSegments.kind, from: clockSegments.fromAt, to: clockSegments.toAt })
      .from(clockSegments)
      .where(eq(clockSegments.clockId, clockId))
      .orderBy(asc(clockSegments.id))
  );

/** All that is asked for within the next hour. */
export const drain = () =>
  asSystem((tx) => drainRefresh(tx, { limit: 1000, until: new Date(Date.now() + 3_600_000) }));

/** A query of a client of that RM, open, whose clocks were not started. */
export async function newQuery(rmId: number, client: Parameters<typeof mintClient>[0] = {}) {
  const clientId = await mintClient({ primaryRmId: rmId, ...client });
  const id = await mintQuery({ clientId, rmId });
  return { clientId, id, subject: { kind: 'query', id, clientId, priority: 'normal' } satisfies Subject };
}

export interface Promised {
  key: string;
  kind: SubjectKind;
  hours: number;
  targets?: TargetName[];
  /** Where a target has other hours than the rest. */
  hoursOf?: Partial<Record<TargetName, number>>;
  /** At how many percent of them people are warned: half, unless told otherwise. */
  warnAt?: number;
  when?: Partial<typeof policies.$inferInsert>;
}

let places = -1;

/** A version with a warning and a breach for every target. */
export async function addVersion(tx: Tx, policyId: number, version: number, promised: Promised) {
  const { hours, hoursOf = {}, targets = ['resolution'], warnAt = 50 } = promised;
  const [row] = await tx
    .insert(policyVersions)
    .values({ policyId, version, calendarId: sql<number>`(select min(id) from calendars)` })
    .returning({ id: policyVersions.id });
  const policyVersionId = row?.id ?? 0;
  for (const target of targets) {
    const on = { policyVersionId, target };
    const amount = (hoursOf[target] ?? hours) * 60;
    await tx.insert(policyTargets).values({ ...on, amount, unit: 'working_minutes' });
    await tx.insert(policySteps).values([
      { ...on, key: 'warning', position: 1, kind: 'warning', atPercent: warnAt, tell: 'assignee' },
      { ...on, key: 'breach', position: 2, kind: 'breach', atPercent: 100, tell: 'head' }
    ]);
  }
  return policyVersionId;
}

/** A policy before all others. */
export const mintPolicy = (promised: Promised) =>
  asSystem(async (tx) => {
    const { key, kind, when = {} } = promised;
    const [policy] = await tx
      .insert(policies)
      .values({ key, name: key, position: places--, subjectKind: kind, ...when })
      .returning({ id: policies.id });
    const id = policy?.id ?? 0;
    return { id, versionId: await addVersion(tx, id, 1, promised) };
  });

/** A first response and a resolution for all queries and requests, in 17 working hours. */
export async function promiseTwoDays(): Promise<void> {
  const targets: TargetName[] = ['first_response', 'resolution'];
  for (const kind of ['query', 'request'] as const)
    await mintPolicy({ key: `two days for a ${kind}`, kind, hours: 17, targets });
}
