import { and, asc, eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { reviseClocks, satisfyClock, startClocks, waitOn, resume } from '#lib/clocks/commands.server.ts';
import type { Subject, TargetName } from '#lib/clocks/model.ts';
import { policies, policySteps, policyTargets, policyVersions } from '#lib/clocks/policy-schema.server.ts';
import { drainRefresh } from '#lib/clocks/refresh.server.ts';
import { clocks, escalations } from '#lib/clocks/schema.server.ts';
import { clientTags } from '#lib/clients/schema.server.ts';
import { closeResolvedQueries } from '#lib/desk/query-commands.server.ts';
import { queries } from '#lib/desk/schema.server.ts';
import { carryOutDue } from '#lib/escalation/commands.server.ts';
import { asActor, asSystem, closeDatabase, type Tx } from '#lib/platform/db/transactions.server.ts';
import { callerFor } from '#lib/platform/trpc/caller.server.ts';
import { useTestDatabase, type TestDatabase } from '../support/database.ts';
import { makeFirm, type TestFirm } from '../support/firm.ts';
import { mintClient, mintInteraction, mintQuery, mintRequest } from '../support/records.ts';

let database: TestDatabase;
let firm: TestFirm;

beforeAll(async () => {
  database = await useTestDatabase();
  firm = await makeFirm();
});

afterAll(async () => {
  await closeDatabase();
  await database.drop();
});

/** Wall time in November 2026 where the firm is. */
const at = (wall: string) => new Date(`2026-11-${wall}+05:30`);

const clocksOf = (kind: 'query' | 'request', id: number, target?: TargetName) =>
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

async function clockOf(kind: 'query' | 'request', id: number, target: TargetName = 'resolution') {
  const clock = (await clocksOf(kind, id, target)).at(-1);
  if (!clock) throw new Error('No clock was started');
  return clock;
}

const drain = () =>
  asSystem((tx) => drainRefresh(tx, { limit: 1000, until: new Date(Date.now() + 3_600_000) }));

async function newQuery(client: Parameters<typeof mintClient>[0] = {}) {
  const clientId = await mintClient({ primaryRmId: firm.rm.userId, ...client });
  const id = await mintQuery({ clientId, rmId: firm.rm.userId });
  return { clientId, id, subject: { kind: 'query', id, clientId, priority: 'normal' } satisfies Subject };
}

interface Promised {
  key: string;
  kind: 'query' | 'request';
  hours: number;
  targets?: TargetName[];
  when?: Partial<typeof policies.$inferInsert>;
}

let places = -1;

/** A version with a warning and a breach for every target. */
async function addVersion(tx: Tx, policyId: number, version: number, { hours, targets }: Promised) {
  const [row] = await tx
    .insert(policyVersions)
    .values({ policyId, version, calendarId: sql<number>`(select min(id) from calendars)` })
    .returning({ id: policyVersions.id });
  const policyVersionId = row?.id ?? 0;
  for (const target of targets ?? ['resolution']) {
    const on = { policyVersionId, target };
    await tx.insert(policyTargets).values({ ...on, amount: hours * 60, unit: 'working_minutes' });
    await tx.insert(policySteps).values([
      { ...on, key: 'warning', position: 1, kind: 'warning', atPercent: 50, tell: 'assignee' },
      { ...on, key: 'breach', position: 2, kind: 'breach', atPercent: 100, tell: 'head' }
    ]);
  }
  return policyVersionId;
}

/** A policy before all others. */
const mintPolicy = (promised: Promised) =>
  asSystem(async (tx) => {
    const { key, kind, when = {} } = promised;
    const [policy] = await tx
      .insert(policies)
      .values({ key, name: key, position: places--, subjectKind: kind, ...when })
      .returning({ id: policies.id });
    const id = policy?.id ?? 0;
    return { id, versionId: await addVersion(tx, id, 1, promised) };
  });

const say = (queryId: number, clientId: number, direction: 'inbound' | 'outbound', occurredAt: Date) =>
  mintInteraction({ clientId, queryId, direction, occurredAt, channel: 'email', userId: firm.rm.userId });

beforeAll(async () => {
  const both: TargetName[] = ['first_response', 'resolution'];
  await mintPolicy({ key: 'queries', kind: 'query', hours: 17, targets: both });
  await mintPolicy({ key: 'requests', kind: 'request', hours: 17, targets: both });
});

describe('a response', () => {
  test('is given by taking the work up', async () => {
    const { id, subject } = await newQuery();
    await asSystem((tx) => startClocks(tx, subject));
    await callerFor(firm.rm).queries.start({ id });
    expect(await clockOf('query', id, 'first_response')).toMatchObject({ state: 'satisfied' });
    expect(await clockOf('query', id)).toMatchObject({ state: 'running' });
  });

  test('is given by the first thing said to the client, when it was said', async () => {
    const { id, clientId, subject } = await newQuery();
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
    const { id, clientId, subject } = await newQuery({ tier });
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
    const { id, clientId, subject } = await newQuery();
    await asSystem((tx) => startClocks(tx, subject, { at: at('16T10:00') }));
    await asSystem((tx) => tx.insert(clientTags).values({ clientId, tag: clientTag }));
    await drain();
    expect(await clockOf('query', id)).toMatchObject({ policyVersionId: versionId, dueAt: at('16T12:00') });
  });

  test('keeps what was carried out, and repeats none of it', async () => {
    const policy = await mintPolicy({ key: 'edited', kind: 'query', hours: 40, when: { priority: 'low' } });
    const { id, subject } = await newQuery();
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
    const { id, subject } = await newQuery({ tier: 'versions' });
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

describe('what an ended clock keeps', () => {
  test('is whose time it was, to the minute, and when it ran', async () => {
    const { id, subject } = await newQuery();
    await asActor(firm.rm, async (tx) => {
      await startClocks(tx, subject, { at: at('16T10:00') });
      await waitOn(tx, subject, 'client', 'Which folio?', { at: at('16T10:07') });
      await resume(tx, subject, 'He said', { at: at('16T11:31') });
      await waitOn(tx, subject, 'third_party', 'Registrar', { at: at('16T17:58') });
      await resume(tx, subject, 'It came', { at: at('17T09:33') });
      await satisfyClock(tx, subject, 'resolution', { at: at('17T09:44') });
    });
    const clock = await clockOf('query', id);
    expect(clock).toMatchObject({
      minutesTarget: 1020,
      minutesOurs: 7 + 387 + 11,
      minutesThirdParty: 2 + 3,
      minutesClient: 84,
      minutesUsed: 7 + 387 + 11 + 5,
      minutesOver: 0
    });
    const [ran] = await asSystem((tx) =>
      tx.execute<{ seconds: string }>(sql`
        select sum(extract(epoch from upper(r) - lower(r))) as seconds from clocks k, unnest(k.ran) r
        where k.id = ${clock.id}`)
    );
    const whole = (at('17T09:44').getTime() - at('16T10:00').getTime()) / 1000;
    expect(Number(ran?.seconds)).toBe(whole - 84 * 60);
  });

  test('is closed as well when the work was rejected', async () => {
    const clientId = await mintClient({ primaryRmId: firm.rm.userId });
    const id = await mintRequest({ clientId, teamId: firm.teams.ops, assigneeId: firm.ops.userId });
    const requestTypeId = firm.requestTypeId;
    await asSystem((tx) => startClocks(tx, { kind: 'request', id, clientId, requestTypeId }));
    await callerFor(firm.ops).requests.reject({ id, reason: 'Withdrawn' });
    for (const clock of await clocksOf('request', id)) {
      expect(clock).toMatchObject({ state: 'cancelled', nextActionAt: null });
      expect(clock.minutesTarget).toBeGreaterThan(0);
    }
    const [open] = await asSystem((tx) =>
      tx.execute<{ open: number }>(sql`
        select count(*)::int as open from clock_segments g join clocks k on k.id = g.clock_id
        where k.subject_kind = 'request' and k.subject_id = ${id} and (g.to_at is null or upper_inf(k.ran))`)
    );
    expect(open?.open).toBe(0);
  });

  test('says that it was kept in time, also where a job ends it after the sweep', async () => {
    const { id, subject } = await newQuery();
    await asSystem((tx) => startClocks(tx, subject, { at: at('16T10:00') }));
    await asSystem((tx) => carryOutDue(tx, 1000));
    expect((await clockOf('query', id)).breachedAt).not.toBeNull();
    await asSystem((tx) => satisfyClock(tx, subject, 'resolution', { at: at('17T10:00') }));
    expect(await clockOf('query', id)).toMatchObject({ breachedAt: null, minutesOver: 0, minutesUsed: 510 });
  });

  test('is left alone when a resolved query is closed after seven days', async () => {
    const { id, subject } = await newQuery();
    await asSystem((tx) => startClocks(tx, subject, { at: at('02T10:00') }));
    await callerFor(firm.rm).queries.resolve({ id, resolution: 'Explained' });
    const before = await clocksOf('query', id);
    await asSystem((tx) =>
      tx
        .update(queries)
        .set({ resolvedAt: sql`now() - interval '8 days'` })
        .where(eq(queries.id, id))
    );
    await asSystem((tx) => closeResolvedQueries(tx));
    await drain();
    expect(await callerFor(firm.rm).queries.byId({ id })).toMatchObject({ status: 'closed' });
    expect(await clocksOf('query', id)).toEqual(before);
  });

  test('stays when the work is reopened: the next round runs, and the first response is given once', async () => {
    const { id, subject } = await newQuery();
    await asSystem((tx) => startClocks(tx, subject));
    const rm = callerFor(firm.rm);
    await rm.queries.resolve({ id, resolution: 'Explained' });
    await rm.queries.reopen({ id, reason: 'Not clear yet' });
    expect(await clocksOf('query', id, 'resolution')).toMatchObject([
      { round: 1, state: 'satisfied' },
      { round: 2, state: 'running' }
    ]);
    expect(await clocksOf('query', id, 'first_response')).toMatchObject([{ state: 'satisfied' }]);
  });
});
