import { eq, sql } from 'drizzle-orm';
import { beforeAll, describe, expect, test } from 'vitest';
import { queries, serviceRequests } from '#lib/desk/schema.server.ts';
import { interactions } from '#lib/interactions/schema.server.ts';
import { asSystem } from '#lib/platform/db/transactions.server.ts';
import { callerFor } from '#lib/platform/trpc/caller.server.ts';
import { firstResponse, openWork, promiseAnswers, running, unsay } from '../support/answers.ts';
import { firm, useTestFirm } from '../support/test-firm.ts';
import { at, drain } from '../support/work-clocks.ts';

useTestFirm();

beforeAll(promiseAnswers);

describe('a next response', () => {
  const asked = async (kind: 'query' | 'request' = 'query') => {
    const work = await openWork(kind);
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
    const work = await openWork();
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
