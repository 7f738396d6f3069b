import { eq, sql } from 'drizzle-orm';
import { beforeAll, describe, expect, test } from 'vitest';
import { resume, waitOn } from '#lib/clocks/commands.server.ts';
import { clockRefresh } from '#lib/clocks/schema.server.ts';
import { carryOutDue } from '#lib/escalation/commands.server.ts';
import { interactions } from '#lib/interactions/schema.server.ts';
import { asSystem } from '#lib/platform/db/transactions.server.ts';
import { countedResponses, openWork, promiseAnswers } from '../support/answers.ts';
import { randomFrom, type Random } from '../support/random.ts';
import { useTestFirm } from '../support/test-firm.ts';
import { at, clocksOf, drain } from '../support/work-clocks.ts';

useTestFirm();

beforeAll(promiseAnswers);

type Who = 'they' | 'we';

/** A message is noted, or a noted one (by its place) turns out to be otherwise, or is deleted. */
type Deed =
  | { say: Who; wall: string }
  | { n: number; wall: string }
  | { n: number; who: Who }
  | { n: number; deleted: true };

interface Message {
  who: Who;
  wall: string;
}

const DIRECTIONS = { they: 'inbound', we: 'outbound' } as const;

const say = (who: Who, hours: string): Deed => ({ say: who, wall: `16T${hours}` });
const date = (n: number, hours: string): Deed => ({ n, wall: `16T${hours}` });

/** What was said in the end, by the order in which it was noted; a gap is a message that was deleted. */
function leftOf(deeds: readonly Deed[]): (Message | null)[] {
  const left: (Message | null)[] = [];
  for (const deed of deeds) {
    if ('say' in deed) left.push({ who: deed.say, wall: deed.wall });
    else left[deed.n] = changed(left[deed.n] ?? null, deed);
  }
  return left;
}

function changed(message: Message | null, deed: Exclude<Deed, { say: Who }>): Message | null {
  if (!message || 'deleted' in deed) return null;
  return 'wall' in deed ? { ...message, wall: deed.wall } : { ...message, who: deed.who };
}

type Work = Awaited<ReturnType<typeof openWork>>;

async function carryOut(work: Work, ids: number[], deed: Deed) {
  if ('say' in deed) {
    ids.push(await work[deed.say](deed.wall));
    return;
  }
  const one = eq(interactions.id, ids[deed.n] ?? 0);
  await asSystem(async (tx) => {
    if ('deleted' in deed) await tx.delete(interactions).where(one);
    else if ('wall' in deed)
      await tx
        .update(interactions)
        .set({ occurredAt: at(deed.wall) })
        .where(one);
    else await tx.update(interactions).set({ direction: DIRECTIONS[deed.who] }).where(one);
  });
}

interface Manner {
  /** The worker follows after each of them, or after all. */
  atOnce?: boolean;
  /** People are told in between. */
  told?: boolean;
  /** Meanwhile the work waited for the client. */
  waited?: boolean;
}

const HANDS = [
  {
    since: at('16T12:15'),
    give: (work: Work, when: Date) =>
      asSystem((tx) => waitOn(tx, work.subject, 'client', 'Which folio?', { at: when }))
  },
  {
    since: at('16T13:45'),
    give: (work: Work, when: Date) => asSystem((tx) => resume(tx, work.subject, 'He said', { at: when }))
  }
];

/** Through whose hands the work went in the time after one moment until the other. */
async function passOn(work: Work, { waited }: Manner, [after, until]: readonly [Date, Date]) {
  for (const { since, give } of HANDS) if (waited && since > after && since <= until) await give(work, since);
}

/** Work about which each message came when it was said. */
async function inTime(said: readonly (Message | null)[], manner: Manner) {
  const work = await openWork();
  let last = at('16T09:00');
  const messages = said.flatMap((message) => (message ? [{ ...message, when: at(message.wall) }] : []));
  for (const { who, wall, when } of messages.toSorted(
    (one, other) => Number(one.when) - Number(other.when)
  )) {
    await passOn(work, manner, [last, when]);
    last = when;
    await work[who](wall);
    await drain();
  }
  await passOn(work, manner, [last, at('16T18:00')]);
  return work;
}

/** What is counted when messages come as they come, beside what is where each came in its time. */
async function bothWays(deeds: readonly Deed[], manner: Manner = {}) {
  const { atOnce = false, told = false } = manner;
  const work = await openWork();
  await passOn(work, manner, [at('16T09:00'), at('16T18:00')]);
  const ids: number[] = [];
  for (const deed of deeds) {
    await carryOut(work, ids, deed);
    if (!atOnce) await drain();
    if (told) await asSystem((tx) => carryOutDue(tx, 1000));
  }
  await drain();
  await expectSettled(work.id);
  return {
    left: await countedResponses(work.id),
    fresh: await countedResponses((await inTime(leftOf(deeds), manner)).id),
    again: told ? await toldAgain(work.id) : []
  };
}

/** Whoever looks again finds nothing to do. */
async function expectSettled(id: number) {
  const before = await clocksOf('query', id);
  await asSystem((tx) => tx.insert(clockRefresh).values({ subjectKind: 'query', subjectId: id }));
  await drain();
  expect(await clocksOf('query', id)).toEqual(before);
}

/** Steps that were carried out more than once for the same question; none of their times came anew. */
const toldAgain = (id: number) =>
  asSystem(
    async (tx) =>
      await tx.execute(sql`
        select k.target, k.asked_by_id, e.step_key, count(*)::int as times
        from clocks k join escalations e on e.clock_id = k.id
        where k.subject_kind = 'query' and k.subject_id = ${id}
          and k.target in ('first_response', 'next_response')
        group by 1, 2, 3 having count(*) > 1`)
  );

describe('responses to messages that were noted in another order than they were said', () => {
  test.each([
    ['a question before an earlier answer', [say('we', '11:00'), say('we', '13:00'), say('they', '12:00')]],
    [
      'a question after its own answer',
      [say('we', '11:00'), say('they', '12:00'), say('we', '13:00'), date(1, '14:00')]
    ],
    [
      'a question before an answer to another',
      [say('we', '11:00'), say('they', '12:00'), say('we', '13:00'), say('they', '14:00'), date(3, '11:30')]
    ],
    ['an answer before the first one', [say('we', '13:00'), say('they', '14:00'), say('we', '11:00')]],
    [
      'an answer before the one that kept it',
      [say('we', '11:00'), say('they', '12:00'), say('we', '14:00'), say('we', '13:00')]
    ],
    [
      'the first answer after a question',
      [say('we', '11:00'), say('they', '12:00'), say('we', '13:00'), date(0, '12:30')]
    ],
    ['a question at the time of its answer', [say('we', '11:00'), say('we', '12:00'), say('they', '12:00')]],
    ['an answer at the time of its question', [say('we', '11:00'), say('they', '12:00'), say('we', '12:00')]],
    [
      'an answer between two questions',
      [say('we', '11:00'), say('they', '12:00'), say('they', '14:00'), say('we', '13:00')]
    ]
  ] as const)('are as if each had come in its time: %s', async (_what, deeds) => {
    const { left, fresh } = await bothWays(deeds);
    expect(left).toEqual(fresh);
  });

  const CASES = process.env.RAPPORT_DRILL === 'full' ? 400 : 16;

  test('are so whatever was noted, corrected and deleted', { timeout: 3_600_000 }, async () => {
    const random = randomFrom(23);
    for (let n = 0; n < CASES; n++) {
      const deeds = conversation(random);
      const manner = { atOnce: random.chance(0.3), told: random.chance(0.3), waited: random.chance(0.3) };
      const { left, fresh, again } = await bothWays(deeds, manner);
      expect({ deeds, manner, ...left, again }).toEqual({ deeds, manner, ...fresh, again: [] });
    }
  });
});

/** Few times, so that some fall on others; the work was opened at ten. */
const wallOf = (random: Random) =>
  `16T${random.pick(['09:40', '10:00', '10:30', '11:00', '11:30', '12:00', '13:00', '14:30', '16:00', '17:30'])}`;

const whoOf = (random: Random) => random.pick(['they', 'we'] as const);

function conversation(random: Random): Deed[] {
  const deeds: Deed[] = [];
  let said = 0;
  for (let n = 3 + Math.floor(random.next() * 8); n > 0; n--) {
    if (said < 2 || random.chance(0.6)) {
      deeds.push({ say: whoOf(random), wall: wallOf(random) });
      said += 1;
    } else deeds.push(correction(random, Math.floor(random.next() * said)));
  }
  return deeds;
}

function correction(random: Random, n: number): Deed {
  if (random.chance(0.6)) return { n, wall: wallOf(random) };
  return random.chance(0.5) ? { n, who: whoOf(random) } : { n, deleted: true };
}
