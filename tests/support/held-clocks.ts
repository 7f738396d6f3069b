import { and, asc, eq, sql } from 'drizzle-orm';
import { beforeAll } from 'vitest';
import { startClocks } from '#lib/clocks/commands.server.ts';
import { clocks, clockSteps, escalations } from '#lib/clocks/schema.server.ts';
import { carryOutDue } from '#lib/escalation/commands.server.ts';
import { asSystem } from '#lib/platform/db/transactions.server.ts';
import { callerFor } from '#lib/platform/trpc/caller.server.ts';
import { mintClient, mintQuery } from './records.ts';
import { firm } from './test-firm.ts';

export const HOUR = 3_600_000;

/** Every hour of the week is worked, so that the tests hold at any time of the day: below `useTestFirm`. */
export function useAllHours(): void {
  beforeAll(() =>
    asSystem(async (tx) => {
      await tx.execute(sql`delete from calendar_windows`);
      await tx.execute(sql`delete from calendar_holidays`);
      await tx.execute(sql`insert into calendar_windows (calendar_id, weekday, opens, closes)
        select c.id, d, '00:00', '24:00' from calendars c cross join generate_series(1, 7) d`);
      await tx.execute(sql`update calendars set version = version + 1`);
    })
  );
}

/** A query with a clock of two days that began so many hours ago. */
export async function newClock(hoursAgo: number): Promise<{ id: number; queryId: number }> {
  const clientId = await mintClient({ primaryRmId: firm.rm.userId });
  const queryId = await mintQuery({ clientId, rmId: firm.rm.userId });
  const at = new Date(Date.now() - hoursAgo * HOUR);
  await asSystem((tx) =>
    startClocks(tx, { kind: 'query', id: queryId, clientId, priority: 'normal' }, { at })
  );
  const [clock] = await asSystem((tx) =>
    tx
      .select({ id: clocks.id })
      .from(clocks)
      .where(
        and(eq(clocks.subjectKind, 'query'), eq(clocks.subjectId, queryId), eq(clocks.target, 'resolution'))
      )
  );
  return { id: clock?.id ?? 0, queryId };
}

export const read = async (id: number) => {
  const [clock] = await asSystem((tx) => tx.select().from(clocks).where(eq(clocks.id, id)));
  if (!clock) throw new Error('The clock is gone');
  return clock;
};
/** What the RM is offered to do with the clock. */
export const can = async (id: number, queryId: number) =>
  (await callerFor(firm.rm).clocks.forSubject({ kind: 'query', id: queryId })).find(
    (clock) => clock.id === id
  )?.can;
export const stepsOf = (id: number) =>
  asSystem((tx) =>
    tx.select().from(clockSteps).where(eq(clockSteps.clockId, id)).orderBy(asc(clockSteps.position))
  );
export const carried = async (id: number) =>
  (
    await asSystem((tx) =>
      tx
        .select({ key: escalations.stepKey })
        .from(escalations)
        .where(eq(escalations.clockId, id))
        .orderBy(asc(escalations.id))
    )
  ).map(({ key }) => key);
export const sweep = () => asSystem((tx) => carryOutDue(tx, 1000));
