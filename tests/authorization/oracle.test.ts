import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { actorOf } from '#lib/platform/auth/actor.server.ts';
import { may } from '#lib/platform/auth/permissions.ts';
import { asSystem, closeDatabase } from '#lib/platform/db/transactions.server.ts';
import { callerFor, type Api } from '#lib/platform/trpc/caller.server.ts';
import { useTestDatabase, type TestDatabase } from '../support/database.ts';
import { randomFrom } from '../support/random.ts';
import { KINDS, readWorld, visibleTo, type RecordKind, type World } from './oracle.ts';
import { randomPeople, randomRecords, shuffle } from './random-firm.ts';

const SEED = Number(process.env.RAPPORT_SEED_NUMBER ?? 20261121);
const random = randomFrom(SEED);

let database: TestDatabase;
let superuser: postgres.Sql;
let people: Awaited<ReturnType<typeof randomPeople>>;

beforeAll(async () => {
  database = await useTestDatabase();
  superuser = postgres(database.superuserUrl, { max: 4, onnotice: () => undefined });
  people = await asSystem(async (tx) => {
    const made = await randomPeople(tx, random);
    await randomRecords(tx, random, made);
    return made;
  });
});

afterAll(async () => {
  await superuser.end();
  await closeDatabase();
  await database.drop();
});

/** The ids in a table as the restricted role reads it under somebody's identity, with nothing else in between. */
async function readAs(role: 'rapport_scoped' | 'rapport_all', userId: number | null, kind: RecordKind) {
  const rows = await superuser.begin(async (sql) => {
    await sql`select set_config('app.user_id', ${String(userId ?? '')}, true)`;
    await sql.unsafe(`set local role ${role}`);
    return sql<{ id: number }[]>`select id::int from ${sql(kind)} order by id`;
  });
  return rows.map(({ id }) => id);
}

const TOTALS: Record<RecordKind, (api: Api) => Promise<{ total: number; items: { id: number }[] }>> = {
  clients: (api) => api.clients.list({ limit: 100 }),
  leads: (api) => api.leads.list({ limit: 100 }),
  queries: (api) => api.queries.list({ limit: 100 }),
  service_requests: (api) => api.requests.list({ limit: 100 }),
  interactions: (api) => api.interactions.list({ limit: 100 }),
  holdings: (api) => api.holdings.list({ limit: 100 })
};

async function comparePolicies(world: World): Promise<void> {
  for (const user of world.users) {
    const expected = visibleTo(user, world);
    const role = user.level === 0 ? 'rapport_all' : 'rapport_scoped';
    for (const kind of KINDS) {
      const seen = await readAs(role, user.id, kind);
      expect(seen, `${kind} of user ${user.id}, seed ${SEED}`).toEqual(expected[kind]);
    }
  }
}

async function compareLists(world: World): Promise<void> {
  for (const user of world.users.filter(({ active }) => active)) {
    const expected = visibleTo(user, world);
    const actor = await actorOf(user.id);
    const api = callerFor(actor);
    for (const kind of KINDS) {
      if (kind === 'leads' && !may(actor, 'leads.view')) continue;
      const { total, items } = await TOTALS[kind](api);
      const where = `list of ${kind} of user ${user.id}, seed ${SEED}`;
      expect(total, where).toBe(expected[kind].length);
      expect(
        items.map(({ id }) => id).filter((id) => !expected[kind].includes(id)),
        where
      ).toEqual([]);
    }
  }
}

describe('who sees which rows', () => {
  it('tells people apart in the random firm, or the comparison would show little', async () => {
    const world = await readWorld(superuser);
    const views = new Set(world.users.map((user) => JSON.stringify(visibleTo(user, world))));
    expect(views.size).toBeGreaterThan(6);
    expect(world.users.some(({ active }) => !active)).toBe(true);
  });

  it.each([1, 2, 3])('is what the table of the product says, on day %i of changes', async (day) => {
    if (day > 1) await asSystem((tx) => shuffle(tx, random, people));
    const world = await readWorld(superuser);
    await comparePolicies(world);
    await compareLists(world);
  });

  it('is nothing at all without an identity, or with the wide role and the wrong one', async () => {
    const world = await readWorld(superuser);
    const executive = world.users.find(({ level, active }) => level === 2 && active);
    for (const kind of KINDS) {
      expect(await readAs('rapport_scoped', null, kind)).toEqual([]);
      expect(await readAs('rapport_all', null, kind)).toEqual([]);
      expect(await readAs('rapport_all', executive?.id ?? 0, kind)).toEqual([]);
    }
  });
});
