import { sql } from 'drizzle-orm';
import { boolean, integer, pgTable, text, timestamp } from 'drizzle-orm/pg-core';
import postgres from 'postgres';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { observeStatements } from '#lib/platform/db/lease.server.ts';
import {
  asActor,
  asGate,
  asSystem,
  closeDatabase,
  readAtGate,
  savepoint,
  type Tx
} from '#lib/platform/db/transactions.server.ts';
import { onConstraint, databaseError } from '#lib/platform/db/failures.server.ts';
import { RuleViolation } from '#lib/platform/errors.ts';
import { useTestDatabase, type TestDatabase } from '../support/database.ts';

const asha = { userId: 7, seesAll: false };
const admin = { userId: 1, seesAll: true };

const probe = pgTable('probe', {
  id: integer().primaryKey(),
  note: text(),
  at: timestamp({ withTimezone: true }),
  done: boolean(),
  tags: text().array()
});

let database: TestDatabase;
let superuser: postgres.Sql;

beforeAll(async () => {
  database = await useTestDatabase();
  superuser = postgres(database.superuserUrl, { max: 1, onnotice: () => undefined });
  await superuser.unsafe(`
    create table probe (id int primary key, note text, at timestamptz, done boolean, tags text[]);
    create table late (id int, constraint late_unique unique (id) deferrable initially deferred);
    grant select, insert, update, delete on probe, late to rapport_scoped, rapport_all, rapport_system`);
});

beforeEach(() => superuser`truncate probe, late`);

afterAll(async () => {
  await closeDatabase();
  await superuser.end();
  await database.drop();
});

const insert = (tx: Tx, id: number) => tx.insert(probe).values({ id });
const ids = async () =>
  (await superuser<{ id: number }[]>`select id from probe order by id`).map(({ id }) => id);

async function identity(tx: Tx) {
  const [row] = await tx.execute(
    sql`select current_user as role, current_setting('app.user_id', true) as user_id`
  );
  return row;
}

describe('a transaction', () => {
  it('runs under the role and identity of its actor', async () => {
    expect(await asActor(asha, identity)).toEqual({ role: 'rapport_scoped', user_id: '7' });
    expect(await asActor(admin, identity)).toEqual({ role: 'rapport_all', user_id: '1' });
    expect(await asSystem(identity)).toEqual({ role: 'rapport_system', user_id: '' });
    expect(await asSystem(identity, { onBehalfOf: 9 })).toEqual({ role: 'rapport_system', user_id: '9' });
    expect(await asGate(identity)).toEqual({ role: 'rapport_gate', user_id: '' });
    expect(await readAtGate(identity)).toEqual({ role: 'rapport_gate', user_id: null });
  });

  it('commits what it wrote and undoes all of it when its work throws', async () => {
    await asActor(asha, (tx) => insert(tx, 1));
    const failing = asActor(asha, async (tx) => {
      await insert(tx, 2);
      throw new RuleViolation('no');
    });
    await expect(failing).rejects.toThrow(new RuleViolation('no'));
    expect(await ids()).toEqual([1]);
  });

  it('is spoilt by a failed statement, also when its work keeps silent about it', async () => {
    const silent = asActor(asha, async (tx) => {
      await insert(tx, 1);
      await tx.execute(sql`select 1 / 0`).catch(() => undefined);
    });
    await expect(silent).rejects.toMatchObject({ code: '22012' });
    expect(await ids()).toEqual([]);
  });

  it('refuses writes when it is read only', async () => {
    const writing = asActor(asha, (tx) => insert(tx, 1), { readOnly: true });
    await expect(writing).rejects.toMatchObject({ cause: { code: '25006' } });
  });

  it('cannot be opened inside another', async () => {
    const nested = asActor(asha, () => asActor(admin, identity));
    await expect(nested).rejects.toThrow('A transaction is open already');
    await expect(asActor(asha, () => readAtGate(identity))).rejects.toThrow('A transaction is open already');
    await expect(asActor(asha, (tx) => tx.transaction(() => Promise.resolve(1)))).rejects.toThrow(
      'savepoint'
    );
  });

  it('answers nothing once it is over', async () => {
    let stray: Tx | undefined;
    await asActor(asha, (tx) => {
      stray = tx;
      return insert(tx, 1);
    });
    await expect(stray?.execute(sql`select 1`)).rejects.toMatchObject({
      cause: { message: 'This transaction is over' }
    });
    expect(await ids()).toEqual([1]);
  });

  it('lets no late statement run behind its commit', async () => {
    let late: Promise<unknown> = Promise.resolve();
    const sendBehindCommit = (tx: Tx) => (text: string) => {
      const send = () => {
        late = insert(tx, 9).catch((error: unknown) => error);
      };
      if (text === 'commit') queueMicrotask(send);
    };
    let onSent: (text: string) => void = () => undefined;
    await observeStatements(
      (text) => onSent(text),
      () =>
        asSystem((tx) => {
          onSent = sendBehindCommit(tx);
          return insert(tx, 1);
        })
    );
    expect(await late).toMatchObject({ cause: { message: 'This transaction is over' } });
    expect(await ids()).toEqual([1]);
  });

  it('reports what only the commit finds out, and the connection goes on', async () => {
    const twice = asActor(asha, (tx) => tx.execute(sql`insert into late values (1), (1)`));
    await expect(twice).rejects.toMatchObject({ code: '23505' });
    expect(await asActor(asha, identity)).toMatchObject({ user_id: '7' });
  });

  it('sends begin, role and identity in one message with the first statement, and nothing without one', async () => {
    const sent: string[] = [];
    const note = (text: string) => sent.push(text);
    await observeStatements(note, () => asActor(asha, () => Promise.resolve(1)));
    expect(sent).toEqual([]);
    await observeStatements(note, () => asActor(asha, (tx) => tx.execute(sql`select 1`)));
    expect(sent).toEqual([
      `begin; set local role rapport_scoped; select set_config('app.user_id', '7', true)`,
      'select 1',
      'commit'
    ]);
  });

  it('turns the name of a constraint into a rule', async () => {
    const rule = new RuleViolation('There is one already');
    const twice = asActor(asha, async (tx) => {
      await insert(tx, 1);
      await insert(tx, 1).catch((error: unknown) => onConstraint(error, 'probe_pkey', rule));
    });
    await expect(twice).rejects.toBe(rule);
  });
});

describe('a savepoint', () => {
  it('undoes only its own statements when it fails', async () => {
    await asActor(asha, async (tx) => {
      await insert(tx, 1);
      const failing = savepoint(tx, async () => {
        await insert(tx, 2);
        await insert(tx, 1);
      });
      await expect(failing).rejects.toSatisfy((error) => databaseError(error)?.code === '23505');
      await savepoint(tx, () => insert(tx, 3));
    });
    expect(await ids()).toEqual([1, 3]);
  });
});

describe('values', () => {
  it('read back as they were written', async () => {
    const row = {
      id: 1,
      note: 'It’s',
      at: new Date('2026-03-01T10:00:00.123Z'),
      done: true,
      tags: ['a', 'b, "c"']
    };
    const back = await asActor(asha, async (tx) => {
      await tx.insert(probe).values(row);
      return tx.select().from(probe);
    });
    expect(back).toEqual([row]);
  });

  it('take dates in raw SQL and give bigints as numbers, arrays of them too', async () => {
    const at = new Date('2026-03-01T10:00:00Z');
    const [row] = await asActor(asha, (tx) =>
      tx.execute(sql`select 12::bigint as one, array[1, 2]::bigint[] as many, ${at}::timestamptz = ${'2026-03-01T10:00:00Z'} as same,
        array_agg(x) as none, jsonb_build_object('a', 1) as json from (select null::text as x where false) e`)
    );
    expect(row).toEqual({ one: 12, many: [1, 2], same: true, none: null, json: { a: 1 } });
  });
});
