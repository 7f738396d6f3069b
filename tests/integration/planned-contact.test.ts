import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import { asSystem, closeDatabase } from '#lib/platform/db/transactions.server.ts';
import { callerFor } from '#lib/platform/trpc/caller.server.ts';
import { useTestDatabase, type TestDatabase } from '../support/database.ts';
import { makeFirm, type TestFirm } from '../support/firm.ts';
import { mintClient } from '../support/records.ts';

let database: TestDatabase;
let firm: TestFirm;

beforeAll(async () => {
  database = await useTestDatabase();
  firm = await makeFirm();
});

afterAll(async () => {
  await closeDatabase();
  await database.drop();
});

const FAR = '2099-01-05';
const DAY = 24 * 60 * 60_000;
const daysAgo = (days: number) => new Date(Date.now() - days * DAY);

/** A client of the RM, to be called by him on that day. */
async function planned(nextContactOn: string): Promise<number> {
  const { userId } = firm.rm;
  const plan = { nextContactOn, nextContactChannel: 'call', nextContactById: userId };
  return mintClient({ primaryRmId: userId, secondaryRmId: firm.rm2.userId, ...plan });
}
const planOf = async (id: number) => {
  const { nextContactOn, nextContactChannel, nextContactById, version } = await callerFor(
    firm.admin
  ).clients.byId({ id });
  return [nextContactOn, nextContactChannel, nextContactById, version];
};
const call = (actor: Actor, clientId: number, occurredAt?: Date) =>
  callerFor(actor).clients.logContact({ clientId, channel: 'call', occurredAt });

async function today(days = 0): Promise<string> {
  const [row] = await asSystem((tx) =>
    tx.execute<{ day: string }>(
      sql`select ((now() at time zone time_zone)::date + ${days}::int)::text as day from firm_settings`
    )
  );
  return row?.day ?? '';
}

describe('a planned contact', () => {
  it('is made by anybody’s contact on its day or later', async () => {
    for (const [actor, day] of [
      [firm.rm2, await today()],
      [firm.rmHead, await today(-5)]
    ] as const) {
      const id = await planned(day);
      await call(actor, id);
      expect(await planOf(id)).toEqual([null, null, null, 2]);
    }
  });

  it('is made earlier by whoever was to make it, and by nobody else', async () => {
    const id = await planned(FAR);
    await call(firm.rm2, id);
    expect((await planOf(id))[0]).toBe(FAR);
    await call(firm.rm, id);
    expect(await planOf(id)).toEqual([null, null, null, 2]);
  });

  it('stays after a note, a call that nobody answered, and one of an earlier day', async () => {
    const id = await planned(await today());
    const api = callerFor(firm.rm);
    await call(firm.rm, id, daysAgo(3));
    const said = { clientId: id, subject: 'Tried', direction: 'outbound' as const };
    await api.interactions.log({ ...said, channel: 'call', missed: true });
    await api.interactions.log({ ...said, channel: 'note', direction: 'internal' });
    expect(await planOf(id)).toEqual([await today(), 'call', firm.rm.userId, 1]);
  });
});

describe('the home page', () => {
  it('shows whoever is to make a contact those of today and before, until they are made', async () => {
    const [late, due, later] = [
      await planned(await today(-2)),
      await planned(await today()),
      await planned(FAR)
    ];
    const shown = async (actor: Actor) =>
      (await callerFor(actor).home.today()).contacts.map(({ id }) => id).filter((id) => id >= late);
    expect(await shown(firm.rm)).toEqual([late, due]);
    expect(await shown(firm.rmHead)).toEqual([]);
    await call(firm.rm, late);
    expect(await shown(firm.rm)).toEqual([due]);
    expect(later).toBeGreaterThan(due);
  });
});
