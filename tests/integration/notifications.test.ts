import { afterAll, beforeAll, expect, test } from 'vitest';
import { notify } from '#lib/notifications/commands.server.ts';
import { asActor, closeDatabase } from '#lib/platform/db/transactions.server.ts';
import { callerFor } from '#lib/platform/trpc/caller.server.ts';
import { useTestDatabase, type TestDatabase } from '../support/database.ts';
import { makeFirm, type TestFirm } from '../support/firm.ts';

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

const tell = (key: string, userIds: number[]) =>
  asActor(firm.rm, (tx) =>
    notify(tx, { key, userIds, kind: 'assigned', subject: null, title: key, reason: 'You are in this test' })
  );
const listOf = (actor: TestFirm['rm'], unread = false) =>
  callerFor(actor).notifications.list({ filter: { unread } });

test('somebody tells another person, once for a key', async () => {
  await tell('once', [firm.rm2.userId, firm.rm2.userId]);
  await tell('once', [firm.rm2.userId]);

  expect((await listOf(firm.rm2)).items).toMatchObject([{ title: 'once', reason: 'You are in this test' }]);
  expect((await listOf(firm.rm)).total).toBe(0);
});

test('everybody lists and marks his own only, administrators too', async () => {
  await tell('for operations', [firm.ops.userId]);
  const [mine] = (await listOf(firm.ops)).items;

  const others = await callerFor(firm.admin).notifications.markRead({ ids: [mine?.id ?? 0] });
  expect(others.marked).toBe(0);
  expect((await listOf(firm.admin)).total).toBe(0);

  const own = await callerFor(firm.ops).notifications.markRead({});
  expect(own.marked).toBe(1);
  expect((await listOf(firm.ops, true)).total).toBe(0);
  expect((await listOf(firm.ops)).total).toBe(1);
});
