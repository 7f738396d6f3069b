import { and, eq, inArray, ne } from 'drizzle-orm';
import { beforeAll, describe, expect, test } from 'vitest';
import { clocks } from '#lib/clocks/schema.server.ts';
import { interactions } from '#lib/interactions/schema.server.ts';
import { asSystem } from '#lib/platform/db/transactions.server.ts';
import { firstResponse, openWork, promiseAnswers } from '../support/answers.ts';
import { randomFrom } from '../support/random.ts';
import { useTestFirm } from '../support/test-firm.ts';
import { drain } from '../support/work-clocks.ts';

useTestFirm();

beforeAll(promiseAnswers);

/** Who said something, on the hour or half hour from eleven o'clock on. */
type Said = 'they' | 'we';

const wall = (n: number) =>
  `16T${String(11 + Math.floor(n / 2)).padStart(2, '0')}:${n % 2 === 0 ? '00' : '30'}`;

/** Work about which all of this was said, one after the other, but for what was never said. */
async function workWith(said: readonly Said[], never: readonly number[] = []) {
  const work = await openWork();
  const ids: number[] = [];
  for (const [n, who] of said.entries()) {
    ids.push(never.includes(n) ? 0 : await work[who](wall(n)));
    await drain();
  }
  return { id: work.id, ids };
}

/** All that is counted about it: every response that is not void. */
const counted = async (id: number) => ({
  firstResponse: await firstResponse(id),
  responses: await asSystem((tx) =>
    tx
      .select({
        target: clocks.target,
        state: clocks.state,
        startedAt: clocks.startedAt,
        endedAt: clocks.endedAt,
        minutesUsed: clocks.minutesUsed,
        minutesOurs: clocks.minutesOurs,
        breached: clocks.breachedAt
      })
      .from(clocks)
      .where(
        and(
          eq(clocks.subjectKind, 'query'),
          eq(clocks.subjectId, id),
          inArray(clocks.target, ['first_response', 'next_response']),
          ne(clocks.state, 'cancelled')
        )
      )
      .orderBy(clocks.startedAt, clocks.target)
  )
});

/** What is left when these are deleted, in this order, each by itself or all at once, beside what never had them. */
async function bothWays(said: readonly Said[], deleted: readonly number[], atOnce = false) {
  const work = await workWith(said);
  const ids = deleted.map((n) => work.ids[n] ?? 0);
  for (const gone of atOnce ? [ids] : ids.map((id) => [id])) {
    await asSystem((tx) => tx.delete(interactions).where(inArray(interactions.id, gone)));
    await drain();
  }
  return { left: await counted(work.id), fresh: await counted((await workWith(said, deleted)).id) };
}

describe('what is counted after a message is deleted', () => {
  test.each([
    ['the answer before a next response that was kept', ['we', 'they', 'we', 'they'], [0]],
    ['the answer to a question before another that was answered', ['we', 'they', 'we', 'they', 'we'], [2]],
    ['a question that was answered', ['we', 'they', 'we'], [1]],
    ['the first of two questions that were answered at once', ['we', 'they', 'they', 'we', 'they'], [1]],
    ['two answers, one after the other', ['we', 'they', 'we', 'they', 'we', 'they'], [2, 0]]
  ] as const)('is as if it had never been there: %s', async (_what, said, deleted) => {
    const { left, fresh } = await bothWays(said, deleted);
    expect(left).toEqual(fresh);
  });

  const CASES = process.env.RAPPORT_DRILL === 'full' ? 200 : 24;

  test(
    'is as if they had never been there, whatever was said and deleted',
    { timeout: 1_800_000 },
    async () => {
      const random = randomFrom(21);
      for (let n = 0; n < CASES; n++) {
        const said = Array.from({ length: 2 + Math.floor(random.next() * 6) }, () =>
          random.pick(['we', 'they'] as const)
        );
        const all = said.map((_, index) => index);
        const deleted = [...new Set([random.pick(all), ...(random.chance(0.5) ? [random.pick(all)] : [])])];
        const atOnce = random.chance(0.3);
        const { left, fresh } = await bothWays(said, deleted, atOnce);
        expect({ said, deleted, atOnce, ...left }).toEqual({ said, deleted, atOnce, ...fresh });
      }
    }
  );
});
