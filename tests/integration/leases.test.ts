import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sql } from 'drizzle-orm';
import postgres from 'postgres';
import { createLeasePool, type LeasePool } from '#lib/platform/db/leases.server.ts';
import { transact } from '#lib/platform/db/transactions.server.ts';
import { Unavailable } from '#lib/platform/errors.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { DRILL_TABLE, drill } from '../support/drill.ts';

const full = process.env.RAPPORT_DRILL === 'full';
const transactions = full ? 6000 : 600;
const kills = full ? 57 : 20;

let database: TestDatabase;
let superuser: postgres.Sql;
const pools: LeasePool[] = [];
const uncaught: unknown[] = [];
const note = (error: unknown) => uncaught.push(error);

function openPool(name: string, size: number, more: object = {}): LeasePool {
  const pool = createLeasePool({ url: database.databaseUrl, size, name, ...more });
  pools.push(pool);
  return pool;
}

const ping = (pool: LeasePool) =>
  transact(pool, 'begin', async (tx) => (await tx.execute<{ one: number }>(sql`select 1 as one`))[0]?.one);

const pidOf = (pool: LeasePool) =>
  transact(
    pool,
    'begin',
    async (tx) => (await tx.execute<{ pid: number }>(sql`select pg_backend_pid() pid`))[0]?.pid
  );

const kill = (name: string) =>
  superuser`select pg_terminate_backend(pid) from pg_stat_activity where application_name = ${name}`;

const sleeping = (name: string) =>
  superuser`select 1 from pg_stat_activity where application_name = ${name} and wait_event = 'PgSleep'`;

beforeAll(async () => {
  process.on('uncaughtException', note);
  process.on('unhandledRejection', note);
  database = await createTestDatabase();
  superuser = postgres(database.superuserUrl, { max: 2, onnotice: () => undefined });
  await superuser.unsafe(DRILL_TABLE);
});

afterAll(async () => {
  await Promise.all(pools.map((pool) => pool.stop()));
  await superuser.end();
  await database.drop();
  process.off('uncaughtException', note);
  process.off('unhandledRejection', note);
});

describe('leases under killed backends', () => {
  it.each([1, 5])(
    `keep ${transactions} transactions of two users apart with ${kills} kills, pool of %i`,
    async (size) => {
      await superuser`truncate drill`;
      const name = `drill ${size}`;
      const pool = openPool(name, size, { waitLimit: 100 });
      const result = await drill(pool, {
        superuserUrl: database.superuserUrl,
        name,
        transactions: size === 1 && !full ? transactions / 2 : transactions,
        kills,
        atOnce: 12
      });
      expect(result.wrong).toBe(0);
      expect(result.torn).toBe(0);
      expect(result.killed).toBeGreaterThan(kills / 3);
      expect(result.committed).toBeGreaterThan(transactions / 4);
      expect(uncaught).toEqual([]);
      expect(await Promise.all(Array.from({ length: 20 }, () => ping(pool)))).toEqual(Array(20).fill(1));
      expect(pool.stats()).toMatchObject({ waiting: 0 });
      expect(pool.stats().connections).toBeLessThanOrEqual(size);
    },
    full ? 600_000 : 120_000
  );

  it('do not let the rest of a callback run in somebody else’s transaction', async () => {
    await superuser`truncate drill`;
    const pool = openPool('idle', 1);
    const insert = (tx: Parameters<Parameters<typeof transact>[2]>[0], run: string) =>
      tx.execute(sql`insert into drill (owner, run) values (1, ${run})`);
    const begin = (user: number) =>
      `begin; set local role rapport_scoped; select set_config('app.user_id', '${user}', true)`;
    let resume = () => {};
    const held = new Promise<void>((resolve) => (resume = resolve));
    let reached = () => {};
    const idle = new Promise<void>((resolve) => (reached = resolve));
    const alice = transact(pool, begin(1), async (tx) => {
      await insert(tx, 'alice');
      reached();
      await held;
      await insert(tx, 'alice');
    });
    const aliceFails = expect(alice).rejects.toBeInstanceOf(Unavailable);
    await idle;
    const bob = transact(pool, begin(2), async (tx) => {
      resume();
      await tx.execute(sql`select pg_sleep(0.05)`);
    });
    await kill('idle');
    await bob;
    await aliceFails;
    expect(await superuser`select * from drill`).toEqual([]);
    expect(uncaught).toEqual([]);
  });

  it('run nothing that was waiting when its connection was cut', async () => {
    await superuser`create table stray (id int)`;
    await superuser`grant insert on stray to rapport_system`;
    const pool = createLeasePool({ url: database.databaseSystemUrl, size: 1, name: 'stray' });
    pools.push(pool);
    const cut = transact(pool, 'begin', (tx) =>
      Promise.all([
        tx.execute(sql`select pg_sleep(${30}::float8)`),
        tx.execute(sql`insert into stray values (${1})`),
        tx.execute(sql`insert into stray values (${2})`)
      ])
    );
    const fails = expect(cut).rejects.toBeInstanceOf(Unavailable);
    await expect.poll(() => sleeping('stray'), { interval: 5 }).toHaveLength(1);
    await kill('stray');
    await fails;
    for (let n = 0; n < 20; n++) expect(await ping(pool)).toBe(1);
    expect(await superuser`select 1 from pg_stat_activity where application_name = 'stray'`).toHaveLength(1);
    expect(await superuser`select * from stray`).toEqual([]);
  });

  it('stay healthy after ten kills in flight', async () => {
    const pool = openPool('in flight', 2);
    for (let round = 0; round < 10; round++) {
      const slow = transact(pool, 'begin', (tx) => tx.execute(sql`select pg_sleep(30)`));
      const fails = expect(slow).rejects.toBeInstanceOf(Unavailable);
      await expect.poll(() => sleeping('in flight'), { interval: 5 }).toHaveLength(1);
      await kill('in flight');
      await fails;
      expect(await ping(pool)).toBe(1);
    }
    expect(uncaught).toEqual([]);
  });
});

describe('the lease pool', () => {
  it('never opens more connections than its size and queues the rest', async () => {
    const pool = openPool('bounded', 3);
    const pids = await Promise.all(Array.from({ length: 30 }, () => pidOf(pool)));
    expect(new Set(pids).size).toBeLessThanOrEqual(3);
  });

  it('answers Unavailable when none comes free in time or too many wait', async () => {
    const pool = openPool('full', 1, { waitLimit: 1, waitMs: 50 });
    const lease = await pool.lease();
    const waiting = expect(pool.lease()).rejects.toBeInstanceOf(Unavailable);
    await expect(pool.lease()).rejects.toBeInstanceOf(Unavailable);
    await waiting;
    lease.release();
    expect(await ping(pool)).toBe(1);
  });

  it('answers Unavailable when the server cannot be reached', async () => {
    const url = Object.assign(new URL(database.databaseUrl), { port: '1' }).href;
    const pool = createLeasePool({ url, size: 1, name: 'nowhere' });
    pools.push(pool);
    await expect(ping(pool)).rejects.toBeInstanceOf(Unavailable);
    await expect(ping(pool)).rejects.toBeInstanceOf(Unavailable);
    expect(uncaught).toEqual([]);
  });

  it('waits for what is under way when it stops, then refuses', async () => {
    const pool = openPool('stopping', 1);
    const slow = transact(pool, 'begin', (tx) => tx.execute(sql`select pg_sleep(0.2)`));
    await expect.poll(() => pool.stats().connections).toBe(1);
    await pool.stop();
    await slow;
    await expect(ping(pool)).rejects.toBeInstanceOf(Unavailable);
    expect(await superuser`select 1 from pg_stat_activity where application_name = 'stopping'`).toHaveLength(
      0
    );
  });
});
