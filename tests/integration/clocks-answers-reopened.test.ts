import { beforeAll, expect, test } from 'vitest';
import { callerFor } from '#lib/platform/trpc/caller.server.ts';
import { openWork, promiseAnswers, running } from '../support/answers.ts';
import { firm, useTestFirm } from '../support/test-firm.ts';
import { drain, mintPolicy } from '../support/work-clocks.ts';

useTestFirm();

beforeAll(async () => {
  await promiseAnswers();
  await mintPolicy({
    ...{ key: 'no next response', kind: 'query', hours: 80 },
    ...{ targets: ['first_response', 'resolution'], when: { priority: 'high' } }
  });
  await mintPolicy({
    ...{ key: 'nothing', kind: 'query', hours: 80 },
    ...{ targets: [], when: { priority: 'urgent' } }
  });
  await mintPolicy({
    ...{ key: 'responses alone', kind: 'query', hours: 80 },
    ...{ targets: ['first_response', 'next_response'], when: { priority: 'low' } }
  });
});

const queries = () => callerFor(firm.rm).queries;

const give = (id: number, priority: 'low' | 'normal' | 'high' | 'urgent') =>
  queries().prioritise({ ids: [id], priority });

async function finishAndReopen(id: number) {
  await queries().resolve({ id, resolution: 'Explained' });
  await queries().reopen({ id, reason: 'He asked again' });
}

test('a response that lapsed before the work was finished stays void once it is reopened', async () => {
  const work = await openWork();
  await work.we('16T11:00');
  await work.they('16T12:00');
  await drain();
  const [asked] = await work.clocks('next_response');
  expect(asked).toMatchObject(running);
  await give(work.id, 'high');
  expect(await work.clocks('next_response')).toMatchObject([{ id: asked?.id, state: 'cancelled' }]);
  await finishAndReopen(work.id);
  await drain();
  const still = { id: asked?.id, state: 'cancelled', answeredById: null };
  expect(await work.clocks('next_response')).toMatchObject([still]);
  await work.we('16T11:30');
  await drain();
  expect(await work.clocks('next_response')).toMatchObject([still]);
  await give(work.id, 'normal');
  await drain();
  expect(await work.clocks('next_response')).toMatchObject([still]);
});

test('what was owed when a request was rejected stays void once it is reopened', async () => {
  const work = await openWork('request');
  await work.we('16T11:00');
  await work.they('16T12:00');
  await drain();
  const [asked] = await work.clocks('next_response');
  expect(asked).toMatchObject(running);
  const head = callerFor(firm.opsHead).requests;
  await head.reject({ id: work.id, reason: 'Not possible' });
  const [refused] = await work.clocks('next_response');
  expect(refused).toMatchObject({ id: asked?.id, state: 'cancelled' });
  await head.reopen({ id: work.id, reason: 'It is possible after all' });
  await drain();
  expect(await work.clocks('next_response')).toEqual([refused]);
  await work.we('16T11:30');
  await drain();
  expect(await work.clocks('next_response')).toEqual([refused]);
});

test('so does what lapsed on finished work without a resolution, once it is promised again', async () => {
  const work = await openWork();
  await give(work.id, 'low');
  await work.we('16T11:00');
  await work.they('16T12:00');
  await drain();
  await give(work.id, 'urgent');
  const lapsed = await work.clocks('next_response');
  expect(lapsed).toMatchObject([{ state: 'cancelled' }]);
  await finishAndReopen(work.id);
  await give(work.id, 'low');
  await drain();
  expect(await work.clocks('next_response')).toEqual(lapsed);
});
