import { and, asc, eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { resume, startClocks, waitOn } from '#lib/clocks/commands.server.ts';
import type { TargetName } from '#lib/clocks/model.ts';
import { policies, policySteps, policyTargets, policyVersions } from '#lib/clocks/policy-schema.server.ts';
import { drainRefresh } from '#lib/clocks/refresh.server.ts';
import { clocks, clockSegments, escalations } from '#lib/clocks/schema.server.ts';
import { queries, serviceRequests } from '#lib/desk/schema.server.ts';
import { carryOutDue } from '#lib/escalation/commands.server.ts';
import { interactions } from '#lib/interactions/schema.server.ts';
import { asSystem, closeDatabase } from '#lib/platform/db/transactions.server.ts';
import { callerFor } from '#lib/platform/trpc/caller.server.ts';
import { useTestDatabase, type TestDatabase } from '../support/database.ts';
import { makeFirm, type TestFirm } from '../support/firm.ts';
import { mintClient, mintInteraction, mintQuery, mintRequest } from '../support/records.ts';

let database: TestDatabase;
let firm: TestFirm;

beforeAll(async () => {
  database = await useTestDatabase();
  firm = await makeFirm();
  await mintPolicy('query');
  await mintPolicy('request');
});

afterAll(async () => {
  await closeDatabase();
  await database.drop();
});

/** Wall time in November 2026 where the firm is; the 16th is a Monday, and hours are from 9:30 to 18:00. */
const at = (wall: string) => new Date(`2026-11-${wall}+05:30`);

const TARGETS: TargetName[] = ['first_response', 'next_response', 'resolution'];

/** Before all others: four hours for every response, warned at half of them. */
const mintPolicy = (kind: 'query' | 'request') =>
  asSystem(async (tx) => {
    const [policy] = await tx
      .insert(policies)
      .values({ key: kind, name: kind, position: -1, subjectKind: kind })
      .returning({ id: policies.id });
    const [version] = await tx
      .insert(policyVersions)
      .values({
        policyId: policy?.id ?? 0,
        version: 1,
        calendarId: sql<number>`(select min(id) from calendars)`,
        pausesClient: true
      })
      .returning({ id: policyVersions.id });
    const policyVersionId = version?.id ?? 0;
    for (const target of TARGETS) {
      const on = { policyVersionId, target };
      const hours = target === 'resolution' ? 80 : 4;
      await tx.insert(policyTargets).values({ ...on, amount: hours * 60, unit: 'working_minutes' });
      await tx.insert(policySteps).values([
        { ...on, key: 'warning', position: 1, kind: 'warning', atPercent: 50, tell: 'assignee' },
        { ...on, key: 'breach', position: 2, kind: 'breach', atPercent: 100, tell: 'head' }
      ]);
    }
  });

type Kind = 'query' | 'request';

async function open(kind: Kind = 'query') {
  const clientId = await mintClient({ primaryRmId: firm.rm.userId });
  const id =
    kind === 'query'
      ? await mintQuery({ clientId, rmId: firm.rm.userId })
      : await mintRequest({ clientId, assigneeId: firm.ops.userId, teamId: firm.teams.ops });
  const subject = { kind, id, clientId, priority: 'normal' };
  await asSystem((tx) => startClocks(tx, subject, { at: at('16T10:00') }));
  const about = kind === 'query' ? { queryId: id } : { requestId: id };
  const said = (direction: 'inbound' | 'outbound', wall: string) =>
    mintInteraction({
      ...about,
      ...{ clientId, direction, occurredAt: at(wall), channel: 'email' },
      userId: firm.rm.userId,
      loggedById: firm.rm.userId
    });
  return {
    ...{ id, clientId, subject },
    they: (wall: string) => said('inbound', wall),
    we: (wall: string) => said('outbound', wall),
    clocks: (target: TargetName) => clocksOf(kind, id, target)
  };
}

const clocksOf = (kind: Kind, id: number, target: TargetName) =>
  asSystem((tx) =>
    tx
      .select()
      .from(clocks)
      .where(and(eq(clocks.subjectKind, kind), eq(clocks.subjectId, id), eq(clocks.target, target)))
      .orderBy(asc(clocks.round))
  );

const segmentsOf = (clockId: number) =>
  asSystem((tx) =>
    tx
      .select({ kind: clockSegments.kind, from: clockSegments.fromAt, to: clockSegments.toAt })
      .from(clockSegments)
      .where(eq(clockSegments.clockId, clockId))
      .orderBy(asc(clockSegments.id))
  );

const stepsOf = async (clockId: number) =>
  (
    await asSystem((tx) =>
      tx.select().from(escalations).where(eq(escalations.clockId, clockId)).orderBy(asc(escalations.id))
    )
  ).map(({ stepKey }) => stepKey);

const firstResponse = async (id: number) =>
  (await asSystem((tx) => tx.select().from(queries).where(eq(queries.id, id))))[0]?.firstRespondedAt;

const drain = () =>
  asSystem((tx) => drainRefresh(tx, { limit: 1000, until: new Date(Date.now() + 3_600_000) }));

async function unsay(id: number) {
  await callerFor(firm.admin).interactions.delete({ id });
  await drain();
}

async function correct(id: number, changes: Partial<typeof interactions.$inferInsert>) {
  await asSystem((tx) => tx.update(interactions).set(changes).where(eq(interactions.id, id)));
  await drain();
}

const running = { state: 'running', endedAt: null, minutesUsed: null, answeredById: null };

describe('a first response whose message is deleted', () => {
  test('is owed again since it was asked, and carries out no step twice', async () => {
    const work = await open();
    const answer = await work.we('16T13:00');
    await drain();
    const [kept] = await work.clocks('first_response');
    expect(kept).toMatchObject({ state: 'satisfied', answeredById: answer, minutesUsed: 180 });
    await asSystem((tx) =>
      tx.insert(escalations).values({
        ...{ clockId: kept?.id ?? 0, stepKey: 'warning', kind: 'warning', tell: 'assignee' },
        policyVersionId: kept?.policyVersionId ?? 0,
        actionAt: at('16T12:00')
      })
    );
    expect(await firstResponse(work.id)).toEqual(at('16T13:00'));
    await unsay(answer);
    const [again, ...others] = await work.clocks('first_response');
    expect(others).toEqual([]);
    expect(again).toMatchObject({
      ...running,
      id: kept?.id,
      startedAt: at('16T10:00'),
      dueAt: at('16T14:00'),
      policyVersionId: kept?.policyVersionId
    });
    expect(await firstResponse(work.id)).toBeNull();
    await asSystem((tx) => carryOutDue(tx, 1000));
    expect(await stepsOf(kept?.id ?? 0)).toEqual(['warning', 'breach']);
    const explained = await callerFor(firm.rm).clocks.explain({ id: kept?.id ?? 0 });
    expect(explained.words.join(' ')).toContain('was taken back, so it runs on from there');
  });

  test.each([
    ['a note', { channel: 'note' }],
    ['what the client said', { direction: 'inbound' }],
    ['a try that reached nobody', { missed: true }],
    ['said before it was asked', { occurredAt: at('16T09:40') }],
    ['about other work', { queryId: null }]
  ] as const)('is owed again when it turns out to be %s', async (_what, changes) => {
    const work = await open();
    const answer = await work.we('16T13:00');
    await drain();
    await correct(answer, changes);
    expect(await work.clocks('first_response')).toMatchObject([running]);
    expect(await firstResponse(work.id)).toBeNull();
    expect(await work.clocks('next_response')).toEqual([]);
  });

  test('was given by what was said next, or at the time that was corrected', async () => {
    const work = await open();
    const [first, second] = [await work.we('16T11:00'), await work.we('16T12:30')];
    await drain();
    await unsay(first);
    const given = { state: 'satisfied', endedAt: at('16T12:30'), answeredById: second, minutesUsed: 150 };
    expect(await work.clocks('first_response')).toMatchObject([given]);
    await correct(second, { occurredAt: at('16T10:30') });
    expect(await work.clocks('first_response')).toMatchObject([
      { ...given, endedAt: at('16T10:30'), minutesUsed: 30 }
    ]);
    expect(await firstResponse(work.id)).toEqual(at('16T10:30'));
    const [clock] = await work.clocks('first_response');
    expect((await segmentsOf(clock?.id ?? 0)).at(-1)?.to).toEqual(at('16T10:30'));
  });

  test('was given by whoever took the work up since', async () => {
    const work = await open();
    const answer = await work.we('16T11:00');
    await drain();
    await callerFor(firm.rm).queries.start({ id: work.id });
    expect(await firstResponse(work.id)).toEqual(at('16T11:00'));
    await unsay(answer);
    const [row] = await asSystem((tx) => tx.select().from(queries).where(eq(queries.id, work.id)));
    expect(row?.firstRespondedAt).toEqual(row?.startedAt);
    expect(await work.clocks('first_response')).toMatchObject([
      { state: 'satisfied', answeredById: null, breachedAt: at('16T14:00') }
    ]);
  });

  test('went through the hands that the work went through meanwhile', async () => {
    const work = await open();
    const answer = await work.we('16T11:00');
    await drain();
    await asSystem(async (tx) => {
      await waitOn(tx, work.subject, 'client', 'Which folio?', { at: at('16T12:00') });
      await resume(tx, work.subject, 'He said', { at: at('16T15:00') });
    });
    await unsay(answer);
    const [again] = await work.clocks('first_response');
    expect(again).toMatchObject({ ...running, dueAt: at('16T17:00') });
    expect(await segmentsOf(again?.id ?? 0)).toEqual([
      { kind: 'ours', from: at('16T10:00'), to: at('16T11:00') },
      { kind: 'ours', from: at('16T11:00'), to: at('16T12:00') },
      { kind: 'client', from: at('16T12:00'), to: at('16T15:00') },
      { kind: 'ours', from: at('16T15:00'), to: null }
    ]);
  });

  test('leaves no next response owed that followed from it', async () => {
    const work = await open();
    const answer = await work.we('16T11:00');
    await drain();
    await work.they('16T12:00');
    await drain();
    expect(await work.clocks('next_response')).toMatchObject([{ state: 'running' }]);
    await unsay(answer);
    expect(await work.clocks('first_response')).toMatchObject([running]);
    expect(await work.clocks('next_response')).toMatchObject([{ state: 'cancelled' }]);
    await work.we('16T13:00');
    await drain();
    expect(await work.clocks('first_response')).toMatchObject([{ state: 'satisfied' }]);
  });

  test('is followed on requests too', async () => {
    const work = await open('request');
    const answer = await work.we('16T11:00');
    await drain();
    expect(await work.clocks('first_response')).toMatchObject([{ state: 'satisfied' }]);
    await unsay(answer);
    expect(await work.clocks('first_response')).toMatchObject([running]);
  });
});

describe('a next response', () => {
  const asked = async (kind: Kind = 'query') => {
    const work = await open(kind);
    await work.we('16T11:00');
    await drain();
    const question = await work.they('16T12:00');
    await drain();
    return { ...work, question };
  };

  test('is owed again when its answer is deleted, instead of the one that followed', async () => {
    const work = await asked();
    const answer = await work.we('16T13:00');
    await drain();
    await work.they('16T14:00');
    await drain();
    expect(await work.clocks('next_response')).toMatchObject([{ state: 'satisfied' }, { state: 'running' }]);
    await unsay(answer);
    expect(await work.clocks('next_response')).toMatchObject([
      { ...running, startedAt: at('16T12:00'), dueAt: at('16T16:00') },
      { state: 'cancelled' }
    ]);
    expect(await firstResponse(work.id)).toEqual(at('16T11:00'));
  });

  test('is owed to nobody when the question is deleted, and begins with the next one', async () => {
    const work = await asked();
    await unsay(work.question);
    expect(await work.clocks('next_response')).toMatchObject([{ state: 'cancelled' }]);
    await work.they('16T15:00');
    await drain();
    expect(await work.clocks('next_response')).toMatchObject([
      { state: 'cancelled' },
      { state: 'running', startedAt: at('16T15:00') }
    ]);
  });

  test('of done work was given when it was done', async () => {
    const work = await asked();
    const answer = await work.we('16T13:00');
    await drain();
    await callerFor(firm.rm).queries.resolve({ id: work.id, resolution: 'Explained' });
    await unsay(answer);
    const [row] = await asSystem((tx) => tx.select().from(queries).where(eq(queries.id, work.id)));
    const [clock] = await work.clocks('next_response');
    expect(clock).toMatchObject({ state: 'satisfied', answeredById: null, breachedAt: at('16T16:00') });
    expect(Number(clock?.endedAt) - Number(row?.resolvedAt)).toBeLessThan(1000);
  });

  test('of rejected work is void', async () => {
    const work = await asked('request');
    const answer = await work.we('16T13:00');
    await drain();
    await callerFor(firm.opsHead).requests.reject({ id: work.id, reason: 'Withdrawn' });
    await unsay(answer);
    expect(await work.clocks('next_response')).toMatchObject([{ state: 'cancelled' }]);
    const [row] = await asSystem((tx) =>
      tx.select().from(serviceRequests).where(eq(serviceRequests.id, work.id))
    );
    expect(row?.status).toBe('rejected');
  });

  test('is owed once where both answers go at once', async () => {
    const work = await open();
    const first = await work.we('16T11:00');
    await drain();
    await work.they('16T12:00');
    await drain();
    const second = await work.we('16T13:00');
    await drain();
    await asSystem((tx) => tx.delete(interactions).where(sql`id in (${first}, ${second})`));
    await drain();
    expect(await work.clocks('first_response')).toMatchObject([running]);
    expect(await work.clocks('next_response')).toMatchObject([{ state: 'cancelled' }]);
  });
});
