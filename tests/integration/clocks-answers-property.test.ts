import { eq } from 'drizzle-orm';
import { beforeAll, describe, expect, test } from 'vitest';
import { interactions } from '#lib/interactions/schema.server.ts';
import { asSystem, type Tx } from '#lib/platform/db/transactions.server.ts';
import { countedResponses, openWork, promiseAnswers } from '../support/answers.ts';
import { randomFrom } from '../support/random.ts';
import { useTestFirm } from '../support/test-firm.ts';
import { at, drain } from '../support/work-clocks.ts';

useTestFirm();

beforeAll(promiseAnswers);

/** Who said something, on the hour from eleven o'clock on. */
type Said = 'they' | 'we';

/** What becomes of messages, by their places: they are deleted, or turn out to have been said so many minutes later. */
interface Changes {
  deleted?: readonly number[];
  moved?: Readonly<Record<number, number>>;
}

const HOUR = 60;

const wall = (minutes: number) => {
  const [hours, rest] = [11 + Math.floor(minutes / HOUR), (minutes + HOUR) % HOUR];
  return `16T${String(hours).padStart(2, '0')}:${String(rest).padStart(2, '0')}`;
};

/** Work about which all of this was said, one after the other, as it was after the changes. */
async function workWith(said: readonly Said[], { deleted = [], moved = {} }: Changes = {}) {
  const work = await openWork();
  const ids: number[] = [];
  const messages = said
    .map((who, n) => ({ who, n, minutes: n * HOUR + (moved[n] ?? 0) }))
    .filter(({ n }) => !deleted.includes(n))
    .sort((one, other) => one.minutes - other.minutes);
  for (const { who, n, minutes } of messages) {
    ids[n] = await work[who](wall(minutes));
    await drain();
  }
  return { id: work.id, ids };
}

/** What is left when all of this is changed, one after the other or all at once, beside what never was otherwise. */
async function bothWays(said: readonly Said[], changes: Changes, atOnce = false) {
  const work = await workWith(said);
  const idOf = (n: number) => work.ids[n] ?? 0;
  const steps = [
    ...(changes.deleted ?? []).map(
      (n) => (tx: Tx) => tx.delete(interactions).where(eq(interactions.id, idOf(n)))
    ),
    ...Object.entries(changes.moved ?? {}).map(([n, minutes]) => (tx: Tx) => {
      const occurredAt = at(wall(Number(n) * HOUR + minutes));
      return tx
        .update(interactions)
        .set({ occurredAt })
        .where(eq(interactions.id, idOf(Number(n))));
    })
  ];
  for (const together of atOnce ? [steps] : steps.map((step) => [step])) {
    await asSystem(async (tx) => {
      for (const step of together) await step(tx);
    });
    await drain();
  }
  return {
    left: await countedResponses(work.id),
    fresh: await countedResponses((await workWith(said, changes)).id)
  };
}

describe('what is counted after messages were deleted or dated otherwise', () => {
  test.each([
    ['the answer before a next response that was kept', ['we', 'they', 'we', 'they'], [0]],
    ['the answer to a question before another that was answered', ['we', 'they', 'we', 'they', 'we'], [2]],
    ['a question that was answered', ['we', 'they', 'we'], [1]],
    ['the first of two questions that were answered at once', ['we', 'they', 'they', 'we', 'they'], [1]],
    ['two answers, one after the other', ['we', 'they', 'we', 'they', 'we', 'they'], [2, 0]]
  ] as const)('is as if it had never been there: %s', async (_what, said, deleted) => {
    const { left, fresh } = await bothWays(said, { deleted });
    expect(left).toEqual(fresh);
  });

  test.each([
    ['a question and its answer', ['we', 'they', 'we', 'they', 'we'], [1, 2]],
    [
      'a question and its answer, late afterwards',
      ['we', 'they', 'we', 'they', 'we', 'we', 'we', 'we'],
      [1, 2, 4]
    ],
    ['the first of two questions and the answer', ['we', 'they', 'they', 'we', 'they', 'we'], [1, 3]]
  ] as const)('is so too where all goes at once: %s', async (_what, said, deleted) => {
    const { left, fresh } = await bothWays(said, { deleted }, true);
    expect(left).toEqual(fresh);
  });

  const CASES = process.env.RAPPORT_DRILL === 'full' ? 200 : 16;

  const conversation = (random: ReturnType<typeof randomFrom>) =>
    Array.from({ length: 2 + Math.floor(random.next() * 6) }, () => random.pick(['we', 'they'] as const));

  test(
    'is as if they had never been there, whatever was said and deleted',
    { timeout: 1_800_000 },
    async () => {
      const random = randomFrom(21);
      for (let n = 0; n < CASES; n++) {
        const said = conversation(random);
        const all = said.map((_, index) => index);
        const deleted = [...new Set([random.pick(all), ...(random.chance(0.5) ? [random.pick(all)] : [])])];
        const atOnce = random.chance(0.5);
        const { left, fresh } = await bothWays(said, { deleted }, atOnce);
        expect({ said, deleted, atOnce, ...left }).toEqual({ said, deleted, atOnce, ...fresh });
      }
    }
  );

  test.each([
    ['back, before its answer', ['we', 'they', 'we'], { 1: -5 }],
    ['back, where the answer came late', ['we', 'they', 'they', 'they', 'they', 'they', 'we'], { 1: -5 }],
    ['back, so that the answer was late', ['we', 'they', 'they', 'they', 'they', 'we'], { 1: -5 }],
    ['later, before its answer', ['we', 'they', 'we', 'they'], { 1: 20 }],
    ['before the question that was answered with it', ['we', 'they', 'they', 'we'], { 2: -90 }],
    ['after another that was answered with it', ['we', 'they', 'they', 'we'], { 1: 90 }],
    ['into the exchange before', ['we', 'they', 'we', 'they', 'we'], { 3: -150 }],
    ['before the first answer', ['we', 'they', 'we'], { 1: -65 }]
  ] as const)('follows a client’s message that was dated %s', async (_what, said, moved) => {
    const { left, fresh } = await bothWays(said, { moved });
    expect(left).toEqual(fresh);
  });

  test('follows whatever was dated otherwise, in the same order', { timeout: 1_800_000 }, async () => {
    const random = randomFrom(22);
    for (let n = 0; n < CASES; n++) {
      const said = conversation(random);
      const minutes = () => random.pick([-25, -5, 10, 25]);
      const moved = Object.fromEntries([0, 1].map(() => [random.pick(said.map((_, at) => at)), minutes()]));
      const deleted = random.chance(0.3) ? [random.pick(said.map((_, at) => at))] : [];
      for (const each of deleted) delete moved[each];
      const atOnce = random.chance(0.5);
      const { left, fresh } = await bothWays(said, { deleted, moved }, atOnce);
      expect({ said, deleted, moved, atOnce, ...left }).toEqual({ said, deleted, moved, atOnce, ...fresh });
    }
  });
});
