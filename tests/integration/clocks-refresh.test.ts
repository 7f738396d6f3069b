import { sql } from 'drizzle-orm';
import postgres from 'postgres';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { drainRefresh } from '#lib/clocks/refresh.server.ts';
import { asSystem, closeDatabase } from '#lib/platform/db/transactions.server.ts';
import { callerFor } from '#lib/platform/trpc/caller.server.ts';
import { refreshClocks } from '../../workers/refresh.ts';
import { useTestDatabase, type TestDatabase } from '../support/database.ts';
import { makeFirm, type TestFirm } from '../support/firm.ts';
import { promisesOn } from '../support/promises.ts';
import { mintClient, mintInteraction, mintQuery } from '../support/records.ts';

let database: TestDatabase;
let firm: TestFirm;

beforeAll(async () => {
  database = await useTestDatabase();
  firm = await makeFirm();
});

afterAll(async () => {
  await closeDatabase();
  await database?.drop();
});

const everything = () => new Date(Date.now() + 60_000);
const drain = (limit = 1000) => asSystem((tx) => drainRefresh(tx, { limit, until: everything() }));
const waiting = () => asSystem(async (tx) => (await tx.execute(sql`select 1 from clock_refresh`)).length);
const mine = () => mintClient({ primaryRmId: firm.rm.userId });
const openOn = async (id: number) =>
  (await promisesOn('client', id)).filter(({ state }) => state === 'running');

afterEach(async () => void (await refreshClocks()));

describe('bringing clocks up to their records', () => {
  it('that crashes in the middle loses nothing', async () => {
    const id = await mine();
    const before = await waiting();
    const crash = asSystem(async (tx) => {
      await drainRefresh(tx, { limit: 1000, until: everything() });
      throw new Error('Killed');
    });
    await expect(crash).rejects.toThrow('Killed');
    expect(await waiting()).toBe(before);
    expect(await promisesOn('client', id)).toEqual([]);
    await drain();
    expect(await openOn(id)).toHaveLength(1);
    expect(await waiting()).toBe(0);
  });

  it('twice at once doubles nothing and leaves nothing', async () => {
    const ids = await Promise.all(Array.from({ length: 30 }, mine));
    await Promise.all([refreshClocks(7), refreshClocks(5), refreshClocks(3)]);
    for (const id of ids) expect(await openOn(id)).toHaveLength(1);
    expect(await waiting()).toBe(0);
    expect(await refreshClocks()).toBe(0);
  });

  it('leaves alone what somebody is changing, until it can be seen', async () => {
    const id = await mine();
    const person = postgres(database.databaseSystemUrl, { max: 1, onnotice: () => undefined });
    try {
      await person.begin(async (change) => {
        await change`update clients set next_review_on = '2030-06-12' where id = ${id}`;
        expect(await drain()).toBe(0);
      });
      expect(await drain()).toBe(1);
      expect((await openOn(id)).map(({ target }) => target)).toEqual(['contact', 'review']);
    } finally {
      await person.end();
    }
  });

  it('puts a record aside that cannot be brought up to date, and goes on with the others', async () => {
    const [bad, good] = [await mine(), await mine()];
    const owner = postgres(database.superuserUrl, { max: 1, onnotice: () => undefined });
    try {
      await owner.unsafe(`create or replace function app.refuse_clock() returns trigger language plpgsql as $$
        begin if new.subject_id = ${bad} then raise exception 'no'; end if; return new; end $$;
        create trigger refuse before insert on clocks for each row execute function app.refuse_clock()`);
      await refreshClocks();
      expect(await openOn(good)).toHaveLength(1);
      expect(await openOn(bad)).toEqual([]);
      expect(await waiting()).toBe(1);
    } finally {
      await owner.unsafe('drop trigger refuse on clocks');
      await owner`update clock_refresh set since = now()`;
      await owner.end();
    }
    await refreshClocks();
    expect(await openOn(bad)).toHaveLength(1);
  });

  it('asks no more for a hundred records than for ten', async () => {
    const sent = async (records: number) => {
      await Promise.all(Array.from({ length: records }, mine));
      let statements = 0;
      await asSystem(async (tx) => {
        const counted = new Proxy(tx, {
          get: (target, name, receiver) => {
            if (['execute', 'select', 'insert', 'update', 'delete'].includes(String(name))) statements += 1;
            return Reflect.get(target, name, receiver) as unknown;
          }
        });
        await drainRefresh(counted, { limit: 1000, until: everything() });
      });
      return statements;
    };
    const few = await sent(10);
    expect(await sent(100)).toBe(few);
  });

  it('does the same for work: an answer that was logged keeps the response that was owed', async () => {
    const clientId = await mine();
    await asSystem((tx) =>
      tx.execute(sql`
        insert into policy_targets (policy_version_id, target, amount, unit)
        select v.id, 'first_response', 240, 'working_minutes' from policy_versions v
        join policies p on p.id = v.policy_id where p.key = 'query.other'`)
    );
    const { id } = await callerFor(firm.rm).queries.open({ clientId, subject: 'Where is my folio?' });
    await callerFor(firm.rm).interactions.log({
      clientId,
      channel: 'call',
      direction: 'outbound',
      subject: 'Answered',
      queryId: id
    });
    await refreshClocks();
    const clocks = await promisesOn('query', id);
    expect(clocks.find(({ target }) => target === 'first_response')).toMatchObject({ state: 'satisfied' });
  });
});

describe('a firm that had no clocks for leads and clients', () => {
  it('has those of its open leads and its clients soon after it was migrated', async () => {
    const owner = postgres(database.databaseOwnerUrl, { max: 1, onnotice: () => undefined });
    try {
      const [active, archived] = [
        await mine(),
        await mintClient({ primaryRmId: firm.rm.userId, lifecycle: 'archived' })
      ];
      await mintInteraction({ clientId: active });
      await mintQuery({ clientId: active });
      await refreshClocks();
      await owner`delete from clocks where subject_kind in ('lead', 'client')`;
      await owner.unsafe(BACKFILL);
      await refreshClocks();
      expect(await openOn(active)).toHaveLength(1);
      expect(await openOn(archived)).toEqual([]);
    } finally {
      await owner.end();
    }
  });
});

/** As the migration says it, under the same role. */
const BACKFILL = `insert into clock_refresh (subject_kind, subject_id)
  select 'lead', id from leads where status in ('new', 'wip')
  union all select 'client', id from clients where lifecycle = 'active'
  on conflict (subject_kind, subject_id) do nothing`;
