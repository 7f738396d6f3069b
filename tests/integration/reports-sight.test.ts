import { sql, type SQL } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { asActor, asSystem, closeDatabase } from '#lib/platform/db/transactions.server.ts';
import { randomPeople, randomRecords, shuffle } from '../authorization/random-firm.ts';
import { useTestDatabase, type TestDatabase } from '../support/database.ts';
import { randomFrom } from '../support/random.ts';
import { randomPast } from '../support/report-history.ts';

const SEED = Number(process.env.RAPPORT_SEED_NUMBER ?? 20261121);

let database: TestDatabase;
let people: { userId: number; seesAll: boolean }[];

beforeAll(async () => {
  database = await useTestDatabase();
  const random = randomFrom(SEED);
  people = await asSystem(async (tx) => {
    const firm = await randomPeople(tx, random);
    await randomRecords(tx, random, firm);
    await shuffle(tx, random, firm);
    await randomPast(tx, SEED);
    await tx.execute(sql`update interactions set user_id = ${firm.userIds[3]!} where id % 5 = 0`);
    await tx.execute(sql`update interactions set logged_by_id = ${firm.userIds[4]!} where id % 5 = 1`);
    await tx.execute(sql`update users set active = false where id = ${firm.userIds[5]!}`);
    const levels = await tx.execute<{ id: number; all: boolean }>(sql`
      select u.id::int as id, u.active and r.level = 0 as all from users u join roles r on r.id = u.role_id`);
    return levels.map(({ id, all }) => ({ userId: id, seesAll: all }));
  });
});

afterAll(async () => {
  await closeDatabase();
  await database.drop();
});

const FROM = sql`now() - interval '100 days'`;
const UNTIL = sql`now() - interval '10 days'`;
const KINDS = sql`(values ('query'), ('request'), ('lead'), ('client')) kinds(kind)`;

/** What the functions tell, and the same asked of the tables, whose policies decide. */
const ASKED: [string, SQL, SQL][] = [
  [
    'promises',
    sql`select p.clock_id as id, p.subject_kind, p.subject_id as about, p.late
      from app.seen_promises(${FROM}, ${UNTIL}) p`,
    sql`select k.id, k.subject_kind, k.subject_id as about, k.breached_at is not null as late from clocks k
      where k.state = 'satisfied' and k.ended_at >= ${FROM} and k.ended_at < ${UNTIL}`
  ],
  [
    'steps',
    sql`select s.escalation_id as id, s.subject_kind, s.subject_id as about, s.kind
      from app.seen_steps(${FROM}, ${UNTIL}) s`,
    sql`select e.id, k.subject_kind, k.subject_id as about, e.kind from escalations e join clocks k on k.id = e.clock_id
      where e.carried_out_at >= ${FROM} and e.carried_out_at < ${UNTIL}`
  ],
  [
    'steps of a kind',
    sql`select s.escalation_id as id, s.subject_kind, s.subject_id as about, s.kind from ${KINDS}
      cross join lateral app.seen_steps(${FROM}, ${UNTIL}, kinds.kind) s`,
    sql`select e.id, k.subject_kind, k.subject_id as about, e.kind from escalations e join clocks k on k.id = e.clock_id
      where e.carried_out_at >= ${FROM} and e.carried_out_at < ${UNTIL}`
  ],
  [
    'reviews',
    sql`select r.interaction_id as id, r.client_id as about, r.held_on, r.next_on from app.seen_reviews() r`,
    sql`select i.id, i.client_id as about, p.held_on, p.next_on from interactions i
      left join portfolio_reviews p on p.interaction_id = i.id where i.purpose = 'portfolio_review'`
  ]
];

it.each(ASKED)('%s are those that policies let each person see', async (_name, told, allowed) => {
  let found = 0;
  for (const actor of people) {
    const [seen, due] = await asActor(
      actor,
      async (tx) => [
        await tx.execute(sql`select * from (${told}) t order by id`),
        await tx.execute(sql`select * from (${allowed}) t order by id`)
      ],
      { readOnly: true }
    );
    expect([...seen], `person ${actor.userId}`).toEqual([...due]);
    found += due.length;
  }
  expect(found).toBeGreaterThan(50);
});

it('tells nobody nothing, and gives the records themselves to no one', async () => {
  const nobody = { userId: 2_000_000_000, seesAll: false };
  for (const [, told] of ASKED)
    expect(await asActor(nobody, (tx) => tx.execute(told), { readOnly: true })).toHaveLength(0);
  await expect(
    asActor(people[0]!, (tx) => tx.execute(sql`select * from app.seen_subjects('client')`), {
      readOnly: true
    })
  ).rejects.toThrow();
});
