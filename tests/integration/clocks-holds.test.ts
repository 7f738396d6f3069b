import { desc, eq, sql } from 'drizzle-orm';
import { describe, expect, test } from 'vitest';
import { startClocks, waitOn } from '#lib/clocks/commands.server.ts';
import { clockHolds, escalations } from '#lib/clocks/schema.server.ts';
import { notifications } from '#lib/notifications/schema.server.ts';
import { asSystem } from '#lib/platform/db/transactions.server.ts';
import { callerFor } from '#lib/platform/trpc/caller.server.ts';
import { can, carried, HOUR, newClock, read, stepsOf, sweep, useAllHours } from '../support/held-clocks.ts';
import { mintClient, mintRequest } from '../support/records.ts';
import { firm, useTestFirm } from '../support/test-firm.ts';

useTestFirm();
useAllHours();

describe('acknowledging', () => {
  test('holds the ladder for eight working hours, and leaves the due time', async () => {
    const { id } = await newClock(30);
    const before = await read(id);
    const { heldUntil } = await callerFor(firm.rm).clocks.acknowledge({ id, reason: 'I call him at noon' });
    const after = await read(id);
    expect(Math.abs((heldUntil?.getTime() ?? 0) - Date.now() - 8 * HOUR)).toBeLessThan(60_000);
    expect(after).toMatchObject({ dueAt: before.dueAt, heldUntil, state: 'running' });
    const [warning, breach, administrators] = await stepsOf(id);
    expect([warning?.actionAt, breach?.actionAt]).toEqual([heldUntil, before.dueAt]);
    expect(administrators?.actionAt).toEqual(new Date((before.dueAt?.getTime() ?? 0) + 4 * HOUR));
    const [hold] = await asSystem((tx) => tx.select().from(clockHolds).where(eq(clockHolds.clockId, id)));
    expect(hold).toMatchObject({
      ...{ kind: 'acknowledged', userId: firm.rm.userId, reason: 'I call him at noon', until: heldUntil }
    });
  });

  test('tells those who were told, and not who says it', async () => {
    const { id, queryId } = await newClock(50);
    const told = [firm.rm.userId, firm.rmHead.userId];
    await sweep();
    await asSystem((tx) =>
      tx.update(escalations).set({ toldUserIds: told }).where(eq(escalations.clockId, id))
    );
    await callerFor(firm.rm).clocks.acknowledge({ id, reason: 'I call him at noon' });
    const heard = await asSystem((tx) =>
      tx.select().from(notifications).where(eq(notifications.kind, 'acknowledged'))
    );
    expect(heard).toMatchObject([
      { userId: firm.rmHead.userId, subjectKind: 'query', subjectId: queryId, readAt: null }
    ]);
    expect(heard[0]?.title).toMatch(/ is on QR-/);
    expect(heard[0]?.body).toContain('I call him at noon');
  });

  test('carries nothing out before its end; the breach is noted at its time, and then everything comes', async () => {
    const { id } = await newClock(40);
    await sweep();
    expect(await carried(id)).toEqual(['warning']);
    await callerFor(firm.rm).clocks.acknowledge({ id, reason: 'On it' });
    await asSystem((tx) =>
      tx.execute(
        sql`update clocks set due_at = now() - interval '1 minute', next_action_at = now() where id = ${id}`
      )
    );
    await asSystem((tx) =>
      tx.execute(sql`update clock_steps set action_at = (select held_until from clocks where id = ${id})
        where clock_id = ${id} and step_key = 'breach'`)
    );
    await sweep();
    expect(await carried(id)).toEqual(['warning']);
    expect((await read(id)).breachedAt).not.toBeNull();
    expect((await read(id)).nextActionAt).toEqual((await read(id)).heldUntil);
    await asSystem((tx) =>
      tx.execute(sql`update clock_steps set action_at = now() where clock_id = ${id} and step_key = 'breach'`)
    );
    await asSystem((tx) => tx.execute(sql`update clocks set next_action_at = now() where id = ${id}`));
    await sweep();
    expect(await carried(id)).toEqual(['warning', 'breach']);
  });

  test('is said to whoever was told by the last step, when there is nothing left to snooze', async () => {
    const { id, queryId } = await newClock(40 * 24);
    await sweep();
    expect(await carried(id)).toHaveLength((await stepsOf(id)).length);
    expect(await can(id, queryId)).toEqual({ acknowledge: true, snooze: false, wake: false });
    const { clocks: rm } = callerFor(firm.rm);
    const until = new Date(Date.now() + HOUR);
    await expect(rm.snooze({ id, until, reason: 'Later' })).rejects.toThrow(
      'There is nothing to hold: nobody else is going to be told of this promise now'
    );
    expect((await read(id)).heldUntil).toBeNull();
    // Told as if by the last step.
    await asSystem((tx) =>
      tx
        .update(escalations)
        .set({ toldUserIds: [firm.rmHead.userId] })
        .where(eq(escalations.clockId, id))
    );
    await rm.acknowledge({ id, reason: 'On it' });
    const [heard] = await asSystem((tx) =>
      tx
        .select()
        .from(notifications)
        .where(eq(notifications.kind, 'acknowledged'))
        .orderBy(desc(notifications.id))
    );
    expect(heard).toMatchObject({
      userId: firm.rmHead.userId,
      body: `Ravi Manager on its resolution: On it.`
    });
  });

  test('is not offered, and refused, where nobody was told and nobody is going to be', async () => {
    const { id, queryId } = await newClock(1);
    await asSystem((tx) => tx.execute(sql`delete from clock_steps where clock_id = ${id}`));
    expect(await can(id, queryId)).toEqual({ acknowledge: false, snooze: false, wake: false });
    await expect(callerFor(firm.rm).clocks.acknowledge({ id, reason: 'On it' })).rejects.toThrow(
      'There is nothing to say yet: nobody was told of this promise, and nobody is going to be'
    );
  });

  test('ends with the work', async () => {
    const { id, queryId } = await newClock(10);
    await callerFor(firm.rm).clocks.acknowledge({ id, reason: 'On it' });
    await callerFor(firm.rm).queries.resolve({ id: queryId, resolution: 'Explained' });
    expect(await read(id)).toMatchObject({ state: 'satisfied', heldUntil: null, nextActionAt: null });
    await expect(callerFor(firm.rm).clocks.acknowledge({ id, reason: 'Late' })).rejects.toThrow(
      /This promise has ended/
    );
  });
});

describe('a record’s history', () => {
  test('tells who held its promises and why, also what another hold replaced', async () => {
    const { id, queryId } = await newClock(20);
    const rm = callerFor(firm.rm);
    await rm.clocks.acknowledge({ id, reason: 'I call him at noon' });
    await rm.clocks.snooze({ id, until: new Date(Date.now() + 20 * HOUR), reason: 'He travels' });
    await rm.clocks.wake({ id });
    const { history } = await rm.queries.byId({ id: queryId });
    const held = history.filter((entry) => entry.title !== undefined);
    expect(held.map(({ title, newValues, actor }) => [title, newValues?.Reason, actor?.name])).toEqual([
      ['ended the hold on its resolution', undefined, firm.rm.name],
      ['let its resolution wait', 'He travels', firm.rm.name],
      ['took up its resolution', 'I call him at noon', firm.rm.name]
    ]);
    const [shown] = await rm.clocks.forSubject({ kind: 'query', id: queryId });
    expect(shown?.holds.map(({ reason }) => reason)).toEqual([
      'I call him at noon',
      'He travels',
      'Ended early'
    ]);
  });
});

describe('who may hold a clock', () => {
  test('is not the client’s RM where the work is another’s, nor anybody where nobody is yet to be told', async () => {
    const clientId = await mintClient({ primaryRmId: firm.rm.userId });
    const id = await mintRequest({ clientId, assigneeId: firm.ops.userId });
    await asSystem((tx) => startClocks(tx, { kind: 'request', id, clientId, priority: 'normal' }));
    const canOf = async (person: typeof firm.rm) =>
      (await callerFor(person).clocks.forSubject({ kind: 'request', id })).map(({ can }) => can);
    const [theirs, ours, heads] = [await canOf(firm.rm), await canOf(firm.ops), await canOf(firm.opsHead)];
    const neither = { acknowledge: false, snooze: false, wake: false };
    expect(theirs).not.toHaveLength(0);
    expect(new Set(theirs.map((can) => JSON.stringify(can)))).toEqual(new Set([JSON.stringify(neither)]));
    expect([...ours, ...heads].every(({ acknowledge, snooze }) => acknowledge && snooze)).toBe(true);
    const [clock] = await callerFor(firm.rm).clocks.forSubject({ kind: 'request', id });
    await expect(
      callerFor(firm.rm).clocks.acknowledge({ id: clock?.id ?? 0, reason: 'No' })
    ).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await asSystem((tx) => waitOn(tx, { kind: 'request', id }, 'client', 'The form is missing'));
    expect(new Set((await canOf(firm.ops)).map((can) => JSON.stringify(can)))).toEqual(
      new Set([JSON.stringify(neither)])
    );
  });

  test('is whoever the record belongs to and his head; another sees no clock at all', async () => {
    const { id } = await newClock(10);
    await callerFor(firm.rmHead).clocks.acknowledge({ id, reason: 'I take it to him' });
    await expect(callerFor(firm.otherRm).clocks.acknowledge({ id, reason: 'No' })).rejects.toThrow(
      'Not found'
    );
    const [shown] = await callerFor(firm.rm).clocks.forSubject({
      kind: 'query',
      id: (await read(id)).subjectId
    });
    expect(shown).toMatchObject({
      can: { acknowledge: true, snooze: true, wake: true },
      holds: [{ kind: 'acknowledged', by: firm.rmHead.name, reason: 'I take it to him' }]
    });
    expect(shown?.heldUntil).toBeInstanceOf(Date);
  });
});
