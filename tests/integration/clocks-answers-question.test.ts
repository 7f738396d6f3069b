import { eq } from 'drizzle-orm';
import { beforeAll, expect, test } from 'vitest';
import { resume, waitOn } from '#lib/clocks/commands.server.ts';
import { clocks, escalations } from '#lib/clocks/schema.server.ts';
import { queries } from '#lib/desk/schema.server.ts';
import { carryOutDue } from '#lib/escalation/commands.server.ts';
import { interactions } from '#lib/interactions/schema.server.ts';
import { asSystem } from '#lib/platform/db/transactions.server.ts';
import { callerFor } from '#lib/platform/trpc/caller.server.ts';
import { openWork, promiseAnswers, running, unsay } from '../support/answers.ts';
import { firm, useTestFirm } from '../support/test-firm.ts';
import { at, drain, handsOf } from '../support/work-clocks.ts';

useTestFirm();

beforeAll(promiseAnswers);

async function redate(id: number, wall: string) {
  await asSystem((tx) =>
    tx
      .update(interactions)
      .set({ occurredAt: at(wall) })
      .where(eq(interactions.id, id))
  );
  await drain();
}

const stepsOf = async (clockId: number) =>
  (await asSystem((tx) => tx.select().from(escalations).where(eq(escalations.clockId, clockId)))).map(
    ({ stepKey }) => stepKey
  );

const tell = () => asSystem((tx) => carryOutDue(tx, 1000));

async function answered(kind: 'query' | 'request' = 'query') {
  const work = await openWork(kind);
  await work.we('16T11:00');
  await drain();
  return work;
}

test('a question stays the same clock wherever it is dated, and nobody is told twice', async () => {
  const work = await answered();
  const question = await work.they('16T12:00');
  await drain();
  await tell();
  const answer = await work.we('16T13:00');
  await drain();
  const [kept] = await work.clocks('next_response');
  expect(kept).toMatchObject({ state: 'satisfied', askedById: question, answeredById: answer });
  await redate(question, '16T14:00');
  const [owed, ...others] = await work.clocks('next_response');
  expect(others).toEqual([]);
  expect(owed).toMatchObject({ ...running, id: kept?.id, startedAt: at('16T14:00'), dueAt: at('16T18:00') });
  expect(await handsOf(owed?.id ?? 0)).toEqual([{ kind: 'ours', from: at('16T14:00'), to: null }]);
  await tell();
  expect((await stepsOf(owed?.id ?? 0)).sort()).toEqual(['breach', 'warning']);
  const { words } = await callerFor(firm.rm).clocks.explain({ id: owed?.id ?? 0 });
  expect(words.join(' ')).toMatch(/It started .*14:00: new message\..* it is due .*18:00/);
});

test('an earlier question that comes late takes over what is owed, and nobody is told twice', async () => {
  const work = await answered('request');
  await work.they('16T13:00');
  await drain();
  await tell();
  const earlier = await work.they('16T12:00');
  await drain();
  await tell();
  const [owed, ...others] = await work.clocks('next_response');
  expect(others).toEqual([]);
  expect(owed).toMatchObject({
    ...running,
    startedAt: at('16T12:00'),
    askedById: earlier,
    dueAt: at('16T16:00')
  });
  expect((await stepsOf(owed?.id ?? 0)).sort()).toEqual(['breach', 'warning']);
});

test('an exchange that comes late is counted in its place, through the hands that had the work', async () => {
  const work = await answered();
  await asSystem(async (tx) => {
    await waitOn(tx, work.subject, 'client', 'Which folio?', { at: at('16T13:00') });
    await resume(tx, work.subject, 'He said', { at: at('16T14:00') });
  });
  await work.they('16T16:00');
  await drain();
  await work.they('16T12:00');
  await work.we('16T15:00');
  await drain();
  await tell();
  const late = (await work.clocks('next_response')).find(({ state }) => state === 'satisfied');
  expect(late).toMatchObject({
    round: 1,
    minutesOurs: 120,
    minutesClient: 60,
    minutesUsed: 120,
    breachedAt: null
  });
  expect(await stepsOf(late?.id ?? 0)).toEqual([]);
  const panel = await callerFor(firm.rm).clocks.forSubject({ kind: 'query', id: work.id });
  expect(
    panel.filter(({ target }) => target === 'next_response').map(({ round, state }) => [round, state])
  ).toEqual([
    [2, 'running'],
    [1, 'satisfied']
  ]);
});

test('an answer that is deleted and entered again leaves the clock of its question', async () => {
  const work = await openWork();
  const first = await work.we('16T11:00');
  await drain();
  await work.they('16T12:00');
  await drain();
  await tell();
  const [owed] = await work.clocks('next_response');
  await unsay(first);
  expect(await work.clocks('next_response')).toMatchObject([{ id: owed?.id, state: 'cancelled' }]);
  await work.we('16T11:00');
  await drain();
  await tell();
  expect(await work.clocks('next_response')).toMatchObject([{ ...running, id: owed?.id }]);
  expect((await stepsOf(owed?.id ?? 0)).sort()).toEqual(['breach', 'warning']);
});

test('what was answered before anybody promised it is not promised afterwards', async () => {
  const work = await answered();
  await work.we('16T13:00');
  await drain();
  const question = await work.they('16T12:00');
  await asSystem((tx) =>
    tx
      .update(interactions)
      .set({ createdAt: new Date('2026-01-05T10:00:00Z') })
      .where(eq(interactions.id, question))
  );
  await drain();
  expect(await work.clocks('next_response')).toEqual([]);
});

test('nor is what was answered before a change of priority', async () => {
  const work = await answered();
  await work.we('16T13:00');
  await drain();
  await work.they('16T12:00');
  await callerFor(firm.rm).queries.prioritise({ ids: [work.id], priority: 'high' });
  await drain();
  expect(await work.clocks('next_response')).toEqual([]);
});

test('a clock of which it is not known is found by when it began', async () => {
  const work = await answered();
  const question = await work.they('16T12:00');
  await drain();
  const [before] = await work.clocks('next_response');
  await asSystem((tx) =>
    tx
      .update(clocks)
      .set({ askedById: null })
      .where(eq(clocks.id, before?.id ?? 0))
  );
  await work.they('16T12:30');
  await drain();
  expect(await work.clocks('next_response')).toMatchObject([
    { ...running, id: before?.id, askedById: question }
  ]);
});

test('what is asked of finished work is owed once it is reopened, unless it was answered', async () => {
  const work = await answered();
  const api = callerFor(firm.rm).queries;
  await api.resolve({ id: work.id, resolution: 'Explained' });
  const [row] = await asSystem((tx) => tx.select().from(queries).where(eq(queries.id, work.id)));
  const after = (seconds: number) => new Date(Number(row?.resolvedAt) + seconds * 1000);
  const say = async (who: 'they' | 'we', seconds: number) => {
    const id = await work[who]('16T12:00');
    await asSystem((tx) =>
      tx
        .update(interactions)
        .set({ occurredAt: after(seconds) })
        .where(eq(interactions.id, id))
    );
    return id;
  };
  await say('they', 0.001);
  await say('we', 0.002);
  const asked = await say('they', 0.003);
  await drain();
  expect(await work.clocks('next_response')).toEqual([]);
  await api.reopen({ id: work.id, reason: 'He asked again' });
  await drain();
  expect(await work.clocks('next_response')).toMatchObject([{ ...running, askedById: asked }]);
});
