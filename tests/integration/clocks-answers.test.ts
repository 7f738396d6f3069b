import { asc, eq } from 'drizzle-orm';
import { beforeAll, describe, expect, test } from 'vitest';
import { resume, waitOn } from '#lib/clocks/commands.server.ts';
import { escalations } from '#lib/clocks/schema.server.ts';
import { queries } from '#lib/desk/schema.server.ts';
import { carryOutDue } from '#lib/escalation/commands.server.ts';
import { interactions } from '#lib/interactions/schema.server.ts';
import { asSystem } from '#lib/platform/db/transactions.server.ts';
import { callerFor } from '#lib/platform/trpc/caller.server.ts';
import { firstResponse, openWork, promiseAnswers, running, unsay } from '../support/answers.ts';
import { firm, useTestFirm } from '../support/test-firm.ts';
import { at, drain, handsOf } from '../support/work-clocks.ts';

useTestFirm();

beforeAll(promiseAnswers);

const stepsOf = async (clockId: number) =>
  (
    await asSystem((tx) =>
      tx.select().from(escalations).where(eq(escalations.clockId, clockId)).orderBy(asc(escalations.id))
    )
  ).map(({ stepKey }) => stepKey);

async function correct(id: number, changes: Partial<typeof interactions.$inferInsert>) {
  await asSystem((tx) => tx.update(interactions).set(changes).where(eq(interactions.id, id)));
  await drain();
}

describe('a first response whose message is deleted', () => {
  test('is owed again since it was asked, and carries out no step twice', async () => {
    const work = await openWork();
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
    const work = await openWork();
    const answer = await work.we('16T13:00');
    await drain();
    await correct(answer, changes);
    expect(await work.clocks('first_response')).toMatchObject([running]);
    expect(await firstResponse(work.id)).toBeNull();
    expect(await work.clocks('next_response')).toEqual([]);
  });

  test('was given by what was said next, or at the time that was corrected', async () => {
    const work = await openWork();
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
    expect((await handsOf(clock?.id ?? 0)).at(-1)?.to).toEqual(at('16T10:30'));
  });

  test('was given by whoever took the work up since', async () => {
    const work = await openWork();
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
    const work = await openWork();
    const answer = await work.we('16T11:00');
    await drain();
    await asSystem(async (tx) => {
      await waitOn(tx, work.subject, 'client', 'Which folio?', { at: at('16T12:00') });
      await resume(tx, work.subject, 'He said', { at: at('16T15:00') });
    });
    await unsay(answer);
    const [again] = await work.clocks('first_response');
    expect(again).toMatchObject({ ...running, dueAt: at('16T17:00') });
    expect(await handsOf(again?.id ?? 0)).toEqual([
      { kind: 'ours', from: at('16T10:00'), to: at('16T11:00') },
      { kind: 'ours', from: at('16T11:00'), to: at('16T12:00') },
      { kind: 'client', from: at('16T12:00'), to: at('16T15:00') },
      { kind: 'ours', from: at('16T15:00'), to: null }
    ]);
  });

  test('leaves no next response owed that followed from it', async () => {
    const work = await openWork();
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
    const work = await openWork('request');
    const answer = await work.we('16T11:00');
    await drain();
    expect(await work.clocks('first_response')).toMatchObject([{ state: 'satisfied' }]);
    await unsay(answer);
    expect(await work.clocks('first_response')).toMatchObject([running]);
  });
});
