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
});

const queries = () => callerFor(firm.rm).queries;

const give = (id: number, priority: 'normal' | 'high') => queries().prioritise({ ids: [id], priority });

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
