import { afterAll, beforeAll, expect, test } from 'vitest';
import { asSystem, closeDatabase } from '#lib/platform/db/transactions.server.ts';
import { callerFor } from '#lib/platform/trpc/caller.server.ts';
import { remindOfReviews } from '#lib/reviews/commands.server.ts';
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
  await database?.drop();
});

const remind = (today: string) => asSystem((tx) => remindOfReviews(tx, today));
const titles = async () => {
  const { items } = await callerFor(firm.rm).notifications.list({});
  return items.map(({ title }) => title);
};

test('the RM is reminded ahead, on the day and when overdue, once each', async () => {
  await mintClient({ name: 'Asha Rao', primaryRmId: firm.rm.userId, nextReviewOn: '2026-06-10' });

  await remind('2026-06-01');
  expect(await titles()).toEqual([]);
  await remind('2026-06-03');
  await remind('2026-06-04');
  expect(await titles()).toEqual(['Portfolio review of Asha Rao on 10 Jun']);
  await remind('2026-06-10');
  await remind('2026-06-10');
  expect(await titles()).toHaveLength(2);
  await remind('2026-06-11');
  await remind('2026-07-20');
  expect(await titles()).toEqual([
    'Portfolio review of Asha Rao is overdue since 10 Jun',
    'Portfolio review of Asha Rao is due today',
    'Portfolio review of Asha Rao on 10 Jun'
  ]);
});

test('nobody is reminded of an archived client', async () => {
  await mintClient({ primaryRmId: firm.rm2.userId, nextReviewOn: '2026-06-10', lifecycle: 'archived' });

  await remind('2026-06-10');

  expect((await callerFor(firm.rm2).notifications.list({})).total).toBe(0);
});
