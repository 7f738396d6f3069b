import { eq } from 'drizzle-orm';
import { beforeAll, describe, expect, test } from 'vitest';
import { reviseClocks, satisfyClock, startClocks } from '#lib/clocks/commands.server.ts';
import { escalations } from '#lib/clocks/schema.server.ts';
import { clientTags } from '#lib/clients/schema.server.ts';
import { queries } from '#lib/desk/schema.server.ts';
import { carryOutDue } from '#lib/escalation/commands.server.ts';
import { asSystem } from '#lib/platform/db/transactions.server.ts';
import { callerFor } from '#lib/platform/trpc/caller.server.ts';
import { mintClient, mintInteraction, mintRequest } from '../support/records.ts';
import { firm, useTestFirm } from '../support/test-firm.ts';
import {
  addVersion,
  at,
  clockOf,
  clocksOf,
  drain,
  mintPolicy,
  newQuery,
  promiseTwoDays,
  type Promised
} from '../support/work-clocks.ts';

useTestFirm();

beforeAll(async () => {
  await promiseTwoDays();
});

const say = (queryId: number, clientId: number, direction: 'inbound' | 'outbound', occurredAt: Date) =>
  mintInteraction({ clientId, queryId, direction, occurredAt, channel: 'email', userId: firm.rm.userId });

describe('a response', () => {
  test('is given by taking the work up', async () => {
    const { id, subject } = await newQuery(firm.rm.userId);
    await asSystem((tx) => startClocks(tx, subject));
    await callerFor(firm.rm).queries.start({ id });
    expect(await clockOf('query', id, 'first_response')).toMatchObject({ state: 'satisfied' });
    expect(await clockOf('query', id)).toMatchObject({ state: 'running' });
  });

  test('is given by the first thing said to the client, when it was said', async () => {
    const { id, clientId, subject } = await newQuery(firm.rm.userId);
    await asSystem((tx) => startClocks(tx, subject, { at: at('16T10:00') }));
    await say(id, clientId, 'inbound', at('16T10:20'));
    await drain();
    expect(await clockOf('query', id, 'first_response')).toMatchObject({ state: 'running' });
    await say(id, clientId, 'outbound', at('16T11:30'));
    await drain();
    expect(await clockOf('query', id, 'first_response')).toMatchObject({
      state: 'satisfied',
      endedAt: at('16T11:30'),
      minutesUsed: 90,
      breachedAt: null
    });
    const [row] = await asSystem((tx) =>
      tx.select({ first: queries.firstRespondedAt }).from(queries).where(eq(queries.id, id))
    );
    expect(row?.first).toEqual(at('16T11:30'));
  });

  test('is owed again when the client writes once more, until somebody answers', async () => {
    const tier = 'owed again';
    await mintPolicy({
      ...{ key: 'next', kind: 'query', hours: 4, when: { clientTier: tier } },
      targets: ['first_response', 'next_response', 'resolution']
    });
    const { id, clientId, subject } = await newQuery(firm.rm.userId, { tier });
    await asSystem((tx) => startClocks(tx, { ...subject, clientTier: tier }, { at: at('16T10:00') }));
    expect(await clocksOf('query', id, 'next_response')).toHaveLength(0);
    await say(id, clientId, 'outbound', at('16T11:00'));
    await say(id, clientId, 'inbound', at('16T12:00'));
    await say(id, clientId, 'inbound', at('16T13:00'));
    await drain();
    const owed = await clockOf('query', id, 'next_response');
    expect(owed).toMatchObject({ state: 'running', startedAt: at('16T12:00'), dueAt: at('16T16:00') });
    await say(id, clientId, 'outbound', at('16T15:00'));
    await drain();
    await drain();
    expect(await clocksOf('query', id, 'next_response')).toMatchObject([
      { state: 'satisfied', minutesUsed: 180, round: 1 }
    ]);
    await say(id, clientId, 'inbound', new Date());
    await drain();
    await callerFor(firm.rm).queries.resolve({ id, resolution: 'Explained' });
    expect((await clocksOf('query', id)).map(({ state }) => state)).not.toContain('running');
  });
});

describe('what was said in the minute of the question', () => {
  const owing = async (tier: string) => {
    await mintPolicy({
      ...{ key: tier, kind: 'query', hours: 4, when: { clientTier: tier } },
      targets: ['first_response', 'next_response', 'resolution']
    });
    const { id, clientId, subject } = await newQuery(firm.rm.userId, { tier });
    await asSystem((tx) => startClocks(tx, { ...subject, clientTier: tier }, { at: at('16T10:00') }));
    return { id, clientId };
  };

  test('before it is no answer', async () => {
    const { id, clientId } = await owing('said before');
    await say(id, clientId, 'outbound', at('16T11:20:00'));
    await say(id, clientId, 'inbound', at('16T11:20:40'));
    await drain();
    const owed = [{ state: 'running', startedAt: at('16T11:20:40'), round: 1 }];
    expect(await clocksOf('query', id, 'next_response')).toMatchObject(owed);
    // Somebody looks again, for whatever reason.
    await say(id, clientId, 'inbound', at('16T11:50'));
    await drain();
    expect(await clocksOf('query', id, 'next_response')).toMatchObject(owed);
  });

  test('and was noted after it, to the minute, is one', async () => {
    const { id, clientId } = await owing('said after');
    await say(id, clientId, 'outbound', at('16T11:00'));
    await say(id, clientId, 'inbound', at('16T11:20:40'));
    await drain();
    expect(await clocksOf('query', id, 'next_response')).toMatchObject([{ state: 'running' }]);
    await say(id, clientId, 'outbound', at('16T11:20:00'));
    await drain();
    const kept = [{ state: 'satisfied', endedAt: at('16T11:20:40'), round: 1 }];
    expect(await clocksOf('query', id, 'next_response')).toMatchObject(kept);
    await asSystem((tx) => tx.update(queries).set({ priority: 'low' }).where(eq(queries.id, id)));
    await drain();
    expect(await clocksOf('query', id, 'next_response')).toMatchObject(kept);
    // Asked and answered before anybody looks: counted too, and nobody hears of it.
    await say(id, clientId, 'inbound', at('16T14:30:10'));
    await say(id, clientId, 'outbound', at('16T14:30:00'));
    await drain();
    expect(await clocksOf('query', id, 'next_response')).toMatchObject([
      ...kept,
      { state: 'satisfied', endedAt: at('16T14:30:10'), round: 2, minutesUsed: 0, nextActionAt: null }
    ]);
  });
});

describe('the policy of running work', () => {
  test('changes with the team it is given to', async () => {
    const teamId = firm.teams.otherOps;
    const { versionId } = await mintPolicy({ key: 'team', kind: 'request', hours: 3, when: { teamId } });
    const clientId = await mintClient({ primaryRmId: firm.rm.userId });
    const id = await mintRequest({ clientId, teamId: firm.teams.ops, assigneeId: firm.ops.userId });
    const requestTypeId = firm.requestTypeId;
    await asSystem((tx) => startClocks(tx, { kind: 'request', id, clientId, requestTypeId }));
    await callerFor(firm.admin).requests.assign({ id, assigneeId: firm.otherOps.userId });
    expect(await clockOf('request', id)).toMatchObject({ policyVersionId: versionId, state: 'running' });
    // The policy of the team promises no first response, so none is owed any more.
    expect(await clockOf('request', id, 'first_response')).toMatchObject({ state: 'cancelled' });
  });

  test('changes with the tags of the client, whoever tags him', async () => {
    const clientTag = 'family office';
    const { versionId } = await mintPolicy({ key: 'tag', kind: 'query', hours: 2, when: { clientTag } });
    const { id, clientId, subject } = await newQuery(firm.rm.userId);
    await asSystem((tx) => startClocks(tx, subject, { at: at('16T10:00') }));
    await asSystem((tx) => tx.insert(clientTags).values({ clientId, tag: clientTag }));
    await drain();
    expect(await clockOf('query', id)).toMatchObject({ policyVersionId: versionId, dueAt: at('16T12:00') });
  });

  test('keeps what was carried out, and repeats none of it', async () => {
    const policy = await mintPolicy({ key: 'edited', kind: 'query', hours: 40, when: { priority: 'low' } });
    const { id, subject } = await newQuery(firm.rm.userId);
    const low = { ...subject, priority: 'low' };
    await asSystem((tx) => startClocks(tx, subject, { at: at('16T10:00') }));
    await asSystem((tx) => carryOutDue(tx, 1000));
    const { id: clockId } = await clockOf('query', id);
    const carried = () =>
      asSystem((tx) => tx.select().from(escalations).where(eq(escalations.clockId, clockId)));
    const before = await carried();
    expect(before.map(({ stepKey }) => stepKey)).toContain('breach');
    await asSystem((tx) => reviseClocks(tx, low));
    await asSystem((tx) => carryOutDue(tx, 1000));
    expect(await carried()).toEqual(before);
    expect(await clockOf('query', id)).toMatchObject({ policyVersionId: policy.versionId });
  });

  test('stays at the version under which a clock began, until it is told to follow', async () => {
    const promised: Promised = { key: 'versions', kind: 'query', hours: 4, when: { clientTier: 'versions' } };
    const policy = await mintPolicy(promised);
    const { id, subject } = await newQuery(firm.rm.userId, { tier: 'versions' });
    const ofTier = { ...subject, clientTier: 'versions' };
    await asSystem((tx) => startClocks(tx, ofTier, { at: at('16T10:00') }));
    const newer = await asSystem((tx) => addVersion(tx, policy.id, 2, { ...promised, hours: 6 }));
    expect(await clockOf('query', id)).toMatchObject({
      policyVersionId: policy.versionId,
      dueAt: at('16T14:00')
    });
    await asSystem((tx) => satisfyClock(tx, subject, 'resolution', { at: at('16T12:00') }));
    await asSystem((tx) => reviseClocks(tx, ofTier));
    expect(await clockOf('query', id)).toMatchObject({
      policyVersionId: policy.versionId,
      minutesTarget: 240
    });
    await asSystem((tx) => startClocks(tx, ofTier, { at: at('16T13:00') }));
    expect(await clockOf('query', id)).toMatchObject({ policyVersionId: newer, round: 2 });
  });
});
