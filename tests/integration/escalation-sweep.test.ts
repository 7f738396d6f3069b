import { sql } from 'drizzle-orm';
import { describe, expect, test } from 'vitest';
import { carryOutDue, tellEscalations } from '#lib/escalation/commands.server.ts';
import { asSystem, type Tx } from '#lib/platform/db/transactions.server.ts';
import { sweepEscalations } from '../../workers/escalation.ts';
import { useQuietFirm } from '../support/escalating.ts';
import { carriedOut, everybodyTold, newRequest, told } from '../support/overdue-work.ts';
import { firm, superuser, useTestFirm } from '../support/test-firm.ts';

useTestFirm();
useQuietFirm();

describe('the sweep', () => {
  test('by two processes at once carries every step out once and tells everybody once', async () => {
    for (let each = 0; each < 30; each++) await newRequest();
    await Promise.all([sweepEscalations(), sweepEscalations(), sweepEscalations()]);
    await sweepEscalations();

    const rows = await carriedOut();
    expect(rows).toHaveLength(90);
    expect(rows.every((row) => row.toldUserIds.length === 1)).toBe(true);
    const perPerson = new Map<number, number>();
    for (const { userId } of await everybodyTold()) perPerson.set(userId, (perPerson.get(userId) ?? 0) + 1);
    expect([...perPerson.values()]).toEqual([1, 1, 1]);
  });

  test('leaves alone what another one holds, and leaves the telling to whoever ends last', async () => {
    for (let each = 0; each < 8; each++) await newRequest();
    const { promise: release, resolve } = Promise.withResolvers<void>();
    const { promise: held, resolve: holds } = Promise.withResolvers<void>();
    const other = superuser.begin(async (sql) => {
      await sql`select id from clocks order by id limit 1 for update`;
      holds();
      await release;
    });
    await held;
    const first = await sweepEscalations();
    const early = await everybodyTold();
    resolve();
    await other;
    expect(first).toEqual({ clocks: 7, people: 0 });
    expect(early).toEqual([]);
    expect(await sweepEscalations()).toEqual({ clocks: 1, people: 3 });
    expect((await everybodyTold()).map((row) => row.title)).toEqual(
      Array(3).fill('8 promises need attention')
    );
  });

  test.each([
    ['while it carries out', carryOutDueThen],
    ['while it tells', tellThen]
  ])('killed %s loses nothing and repeats nothing', async (_, work) => {
    for (let each = 0; each < 4; each++) await newRequest();
    await expect(asSystem((tx) => work(tx, () => killBackendOf(tx)))).rejects.toThrow();

    await sweepEscalations();
    expect(await carriedOut()).toHaveLength(12);
    expect((await told(firm.opsHead)).map((row) => row.key)).toHaveLength(4);
    expect(new Set((await everybodyTold()).map((row) => `${row.userId} ${row.key}`)).size).toBe(12);
  });

  test('killed between the two tells people in the next', async () => {
    await newRequest();
    await asSystem((tx) => carryOutDue(tx, 100));
    expect(await everybodyTold()).toEqual([]);
    expect(await sweepEscalations()).toEqual({ clocks: 0, people: 3 });
  });

  test('asks to be woken for a step that is due before the next tick', async () => {
    const subject = await newRequest();
    await superuser`update clock_steps set action_at = now() + interval '20 seconds' where step_key = 'administrators'`;
    await superuser`update clocks set due_at = now() - interval '1 hour' where subject_id = ${subject.id}`;
    await sweepEscalations();
    const jobs =
      await superuser`select job, run_at > now() as ahead from job_outbox where job = 'clocks.due' and run_at > now()`;
    expect([...jobs]).toEqual([{ job: 'clocks.due', ahead: true }]);
  });
});

async function carryOutDueThen(tx: Tx, kill: () => Promise<void>): Promise<void> {
  await carryOutDue(tx, 100);
  await kill();
}

async function tellThen(tx: Tx, kill: () => Promise<void>): Promise<void> {
  await carryOutDue(tx, 100);
  await tellEscalations(tx, 'http://rapport.test');
  await kill();
}

async function killBackendOf(tx: Tx): Promise<void> {
  const [backend] = await tx.execute<{ pid: number }>(sql`select pg_backend_pid() as pid`);
  await superuser`select pg_terminate_backend(${backend?.pid ?? 0})`;
}
