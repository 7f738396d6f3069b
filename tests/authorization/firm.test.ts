import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sql } from 'drizzle-orm';
import { asActor, closeDatabase } from '#lib/platform/db/transactions.server.ts';
import { useTestDatabase, type TestDatabase } from '../support/database.ts';
import { makeFirm, type TestFirm } from '../support/firm.ts';
import { mintClient, mintRequest } from '../support/records.ts';

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

describe('the firm of the tests', () => {
  it('lets each person reach clients through his own work only', async () => {
    const clientId = await mintClient({ primaryRmId: firm.rm.userId });
    await mintRequest({ clientId, teamId: firm.teams.ops });
    const seen = async (actor: TestFirm['rm']) =>
      (await asActor(actor, (tx) => tx.execute(sql`select id from clients`))).length;
    expect(await seen(firm.rm)).toBe(1);
    expect(await seen(firm.rmHead)).toBe(1);
    expect(await seen(firm.ops)).toBe(1);
    expect(await seen(firm.admin)).toBe(1);
    expect(await seen(firm.otherRm)).toBe(0);
    expect(await seen(firm.otherOps)).toBe(0);
    expect(firm.rmHead.visibleUserIds).toContain(firm.rm2.userId);
  });
});
