import { asc, eq } from 'drizzle-orm';
import { beforeAll, describe, expect, test } from 'vitest';
import { startClocks } from '#lib/clocks/commands.server.ts';
import type { SubjectKind, TargetName } from '#lib/clocks/model.ts';
import { escalations } from '#lib/clocks/schema.server.ts';
import { clients } from '#lib/clients/schema.server.ts';
import type { Priority } from '#lib/desk/model.ts';
import { queries, serviceRequests } from '#lib/desk/schema.server.ts';
import { carryOutDue } from '#lib/escalation/commands.server.ts';
import { asSystem } from '#lib/platform/db/transactions.server.ts';
import { callerFor } from '#lib/platform/trpc/caller.server.ts';
import { refreshClocks } from '../../workers/refresh.ts';
import { promisesOn } from '../support/promises.ts';
import { mintClient, mintInteraction, mintQuery, mintRequest } from '../support/records.ts';
import { firm, useTestFirm } from '../support/test-firm.ts';
import { clocksOf, handsOf, mintPolicy } from '../support/work-clocks.ts';

useTestFirm();

/** Long ago for the first step, and not for the due time. */
const OPENED = new Date(Math.floor(Date.now() / 1000) * 1000 - 30 * 86_400_000);
const ALL: TargetName[] = ['first_response', 'next_response', 'resolution'];

let made = 0;

/** So long that it is broken in no test, and warned of early. */
const promise = (
  kind: SubjectKind,
  targets: TargetName[],
  when: Parameters<typeof mintPolicy>[0]['when'] = {}
) => mintPolicy({ key: `returning ${++made}`, kind, hours: 4000, warnAt: 1, targets, when });

beforeAll(async () => {
  for (const kind of ['query', 'request'] as const) {
    await promise(kind, ALL);
    await promise(kind, ['resolution'], { priority: 'high' });
    await promise(kind, ['first_response', 'next_response'], { priority: 'low' });
    await promise(kind, [], { priority: 'urgent' });
  }
});

const rowOf = (id: number) =>
  asSystem(async (tx) => (await tx.select().from(queries).where(eq(queries.id, id)))[0]);

async function openedQuery(priority: Priority = 'normal') {
  const clientId = await mintClient({ primaryRmId: firm.rm.userId });
  const id = await mintQuery({ clientId, rmId: firm.rm.userId, priority });
  await asSystem((tx) => startClocks(tx, { kind: 'query', id, clientId, priority }, { at: OPENED }));
  return { id, clientId };
}

const prioritise = (id: number, priority: 'low' | 'normal' | 'high' | 'urgent') =>
  callerFor(firm.rm).queries.prioritise({ ids: [id], priority });

describe('the due time on the work', () => {
  test('goes with the promise, and comes back with it', async () => {
    const { id } = await openedQuery();
    const due = (await rowOf(id))?.dueAt;
    expect(due).toBeInstanceOf(Date);
    await prioritise(id, 'low');
    expect((await rowOf(id))?.dueAt).toBeNull();
    await prioritise(id, 'normal');
    expect((await rowOf(id))?.dueAt).toEqual(due);
  });

  test('of a request that is refused is gone', async () => {
    const clientId = await mintClient({ primaryRmId: firm.rm.userId });
    const id = await mintRequest({ clientId, teamId: firm.teams.ops });
    const requestTypeId = firm.requestTypeId;
    await asSystem((tx) => startClocks(tx, { kind: 'request', id, clientId, requestTypeId }, { at: OPENED }));
    const due = async () =>
      (await asSystem((tx) => tx.select().from(serviceRequests).where(eq(serviceRequests.id, id))))[0]?.dueAt;
    expect(await due()).toBeInstanceOf(Date);
    await callerFor(firm.opsHead).requests.reject({ id, reason: 'Withdrawn' });
    expect(await due()).toBeNull();
  });

  test('of work that was kept stays, until it is reopened without a promise', async () => {
    const { id } = await openedQuery();
    const caller = callerFor(firm.rm);
    await caller.queries.resolve({ id, resolution: 'Explained' });
    expect((await rowOf(id))?.dueAt).toBeInstanceOf(Date);
    await asSystem((tx) => tx.update(queries).set({ priority: 'low' }).where(eq(queries.id, id)));
    await callerFor(firm.rmHead).queries.reopen({ id, reason: 'He asks again' });
    expect((await rowOf(id))?.dueAt).toBeNull();
    await prioritise(id, 'high');
    await prioritise(id, 'low');
    expect((await rowOf(id))?.dueAt).toBeNull();
  });

  test('of work that is reopened is that of the new round', async () => {
    const { id } = await openedQuery();
    await callerFor(firm.rm).queries.resolve({ id, resolution: 'Explained' });
    const before = (await rowOf(id))?.dueAt;
    await callerFor(firm.rmHead).queries.reopen({ id, reason: 'He asks again' });
    const [, second] = await clocksOf('query', id, 'resolution');
    expect(second).toMatchObject({ state: 'running' });
    expect((await rowOf(id))?.dueAt).toEqual(second?.dueAt);
    expect(Number(second?.dueAt)).toBeGreaterThan(Number(before));
  });
});

describe('a promise that another policy does not make', () => {
  test('is taken up again where it was, and repeats nothing', async () => {
    const { id } = await openedQuery();
    await asSystem((tx) => carryOutDue(tx, 1000));
    const [before] = await clocksOf('query', id, 'first_response');
    const carried = () =>
      asSystem((tx) =>
        tx
          .select()
          .from(escalations)
          .where(eq(escalations.clockId, before?.id ?? 0))
          .orderBy(asc(escalations.id))
      );
    const done = await carried();
    expect(done.map(({ stepKey }) => stepKey)).toEqual(['warning']);
    await prioritise(id, 'high');
    expect(await clocksOf('query', id, 'first_response')).toMatchObject([{ state: 'cancelled' }]);
    await prioritise(id, 'normal');
    const [after, more] = await clocksOf('query', id, 'first_response');
    expect(more).toBeUndefined();
    expect(after).toMatchObject({
      ...{ id: before?.id, state: 'running', round: 1, startedAt: OPENED, dueAt: before?.dueAt },
      ...{ endedAt: null, minutesUsed: null, minutesOurs: null, breachedAt: null }
    });
    await asSystem((tx) => carryOutDue(tx, 1000));
    expect(await carried()).toEqual(done);
    const { words } = await callerFor(firm.rm).clocks.explain({ id: after?.id ?? 0 });
    expect(words.join(' ')).toMatch(/promised nothing of the kind; one promised it again, so it runs on/);
  });

  test('comes back by the worker as well as at once', async () => {
    const { id } = await openedQuery();
    const give = (priority: 'low' | 'normal') =>
      asSystem((tx) => tx.update(queries).set({ priority }).where(eq(queries.id, id)));
    await give('low');
    await refreshClocks();
    expect(await clocksOf('query', id, 'resolution')).toMatchObject([{ state: 'cancelled' }]);
    await give('normal');
    await refreshClocks();
    expect(await clocksOf('query', id, 'resolution')).toMatchObject([
      { state: 'running', startedAt: OPENED }
    ]);
    expect((await rowOf(id))?.dueAt).toBeInstanceOf(Date);
  });

  test('goes on through the hands in which the work was meanwhile', async () => {
    const { id, clientId } = await openedQuery();
    await callerFor(firm.rm).queries.start({ id });
    await mintInteraction({
      ...{ clientId, queryId: id, direction: 'inbound', occurredAt: new Date() },
      ...{ channel: 'email', userId: firm.rm.userId }
    });
    await refreshClocks();
    await prioritise(id, 'low');
    await callerFor(firm.rm).queries.wait({ id, waitingOn: 'client', reason: 'His signature' });
    await prioritise(id, 'normal');
    const [clock] = await clocksOf('query', id, 'resolution');
    expect(clock).toMatchObject({ state: 'paused', dueAt: null });
    const hands = await handsOf(clock?.id ?? 0);
    expect(hands.map(({ kind }) => kind)).toEqual(['ours', 'ours', 'client']);
    // Without a gap, and open at the end.
    expect(hands.map(({ to }) => to)).toEqual([...hands.slice(1).map(({ from }) => from), null]);
    await callerFor(firm.rm).queries.resume({ id });
    expect(await clocksOf('query', id, 'resolution')).toMatchObject([{ state: 'running' }]);
  });

  test('stands still with work that waits, also where nothing was promised meanwhile', async () => {
    const { id } = await openedQuery();
    await callerFor(firm.rm).queries.start({ id });
    await prioritise(id, 'urgent');
    await callerFor(firm.rm).queries.wait({ id, waitingOn: 'client', reason: 'His signature' });
    await prioritise(id, 'normal');
    expect(await clocksOf('query', id, 'resolution')).toMatchObject([{ state: 'paused', round: 1 }]);
  });

  test('stays void where it was answered meanwhile', async () => {
    const { id, clientId } = await openedQuery();
    const { id: started } = await openedQuery();
    for (const each of [id, started]) await prioritise(each, 'high');
    await mintInteraction({
      ...{ clientId, queryId: id, direction: 'outbound', occurredAt: new Date() },
      ...{ channel: 'email', userId: firm.rm.userId }
    });
    await callerFor(firm.rm).queries.start({ id: started });
    for (const each of [id, started]) {
      await prioritise(each, 'normal');
      await refreshClocks();
      expect(await clocksOf('query', each, 'first_response')).toMatchObject([{ state: 'cancelled' }]);
    }
  });

  test('stays void with work that was refused, and begins anew where it is reopened', async () => {
    const clientId = await mintClient({ primaryRmId: firm.rm.userId });
    const id = await mintRequest({ clientId, teamId: firm.teams.ops, priority: 'normal' });
    const requestTypeId = firm.requestTypeId;
    const subject = { kind: 'request' as const, id, clientId, requestTypeId, priority: 'normal' };
    await asSystem((tx) => startClocks(tx, subject, { at: OPENED }));
    const caller = callerFor(firm.opsHead);
    await caller.requests.reject({ id, reason: 'Withdrawn' });
    await caller.requests.reopen({ id, reason: 'He wants it after all' });
    await refreshClocks();
    expect(await clocksOf('request', id, 'first_response')).toMatchObject([{ state: 'cancelled' }]);
    expect(await clocksOf('request', id, 'resolution')).toMatchObject([
      { state: 'cancelled', round: 1 },
      { state: 'running', round: 2 }
    ]);
  });

  test('on a client comes back from where it was, and reminds nobody twice', async () => {
    await promise('client', ['contact'], { clientTier: 'spoken with' });
    await promise('client', [], { clientTier: 'left alone' });
    const createdAt = new Date(Date.now() - 100 * 86_400_000);
    const id = await mintClient({ primaryRmId: firm.rm.userId, createdAt, tier: 'spoken with' });
    const give = async (tier: string) => {
      await asSystem((tx) => tx.update(clients).set({ tier }).where(eq(clients.id, id)));
      await refreshClocks();
    };
    await refreshClocks();
    await asSystem((tx) => carryOutDue(tx, 1000));
    await give('left alone');
    expect(await promisesOn('client', id)).toMatchObject([{ state: 'cancelled' }]);
    await give('spoken with');
    expect(await promisesOn('client', id)).toMatchObject([{ state: 'running', round: 1, endedAt: null }]);
  });
});
