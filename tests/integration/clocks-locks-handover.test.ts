import { expect, test } from 'vitest';
import { callerFor } from '#lib/platform/trpc/caller.server.ts';
import { carryOut, clientRow, mintRm, plan } from '../support/handovers.ts';
import { waitsOrIsDone } from '../support/lock-waits.ts';
import { mintClient, mintLead, mintQuery, mintRequest } from '../support/records.ts';
import { firm, superuser, useTestFirm } from '../support/test-firm.ts';

useTestFirm();

/** A book of two clients, of which the second has work of every kind. */
async function bookWithWork() {
  const rmId = (await mintRm()).userId;
  const kept = await mintClient({ primaryRmId: rmId, secondaryRmId: firm.rm2.userId });
  const gone = await mintClient({ primaryRmId: firm.rm2.userId, secondaryRmId: rmId });
  const work = {
    queries: await mintQuery({ clientId: gone, rmId, teamId: firm.teams.rm }),
    service_requests: await mintRequest({
      clientId: gone,
      assigneeId: rmId,
      teamId: firm.teams.ops,
      status: 'in_progress'
    }),
    leads: await mintLead({ conversionRmId: rmId, teamId: firm.teams.rm, status: 'wip' })
  };
  await superuser`update leads set given_by_client_id = ${gone} where id = ${work.leads}`;
  return { rmId, kept, gone, work };
}

type Table = keyof Awaited<ReturnType<typeof bookWithWork>>['work'];
const TABLES: Table[] = ['queries', 'service_requests', 'leads'];

/**
 * Holds a piece of work while `command` runs into it, and then takes both clients, in the order in which merging
 * locks them.
 */
async function holdWork(
  { kept, gone, work }: Awaited<ReturnType<typeof bookWithWork>>,
  table: Table,
  command: () => Promise<unknown>
): Promise<unknown> {
  let underWay: Promise<unknown> = Promise.resolve();
  await superuser.begin(async (merging) => {
    await merging`select 1 from ${merging(table)} where id = ${work[table]} for no key update`;
    underWay = command();
    await waitsOrIsDone(underWay);
    await merging`select 1 from clients where id in (${kept}, ${gone}) order by id for update`;
  });
  return underWay;
}

test.each(TABLES)('handing over waits for %s before clients', async (table) => {
  const book = await bookWithWork();
  const to = await mintRm();
  await holdWork(book, table, () => carryOut(firm.admin, plan(book.rmId, [to.userId])));
  expect((await clientRow(book.kept)).primaryRmId).toBe(to.userId);
});

test.each(TABLES)('undoing a handover waits for %s before clients', async (table) => {
  const book = await bookWithWork();
  const { id } = await carryOut(firm.admin, plan(book.rmId, [(await mintRm()).userId]));
  await holdWork(book, table, () => callerFor(firm.admin).handover.undo({ id }));
  expect((await clientRow(book.kept)).primaryRmId).toBe(book.rmId);
});

test('a book of which a client is being merged is left as it is, and merging is not disturbed', async () => {
  const { rmId, kept, gone, work } = await bookWithWork();
  const wanted = plan(rmId, [(await mintRm()).userId]);
  const api = callerFor(firm.admin);
  const [version = 1, otherVersion = 1] = [await clientRow(kept), await clientRow(gone)].map(
    (row) => row.version
  );
  const { token } = await api.handover.preview(wanted);
  let merged: Promise<unknown> = Promise.resolve();
  let handedOver: Promise<unknown> = Promise.resolve();
  await superuser.begin(async (person) => {
    await person`select 1 from queries where id = ${work.queries} for no key update`;
    merged = api.clients.merge({ id: kept, otherId: gone, version, otherVersion });
    await waitsOrIsDone(merged);
    handedOver = api.handover.carryOut({ ...wanted, token });
    await waitsOrIsDone(handedOver, 2);
  });
  const [first, second] = await Promise.allSettled([merged, handedOver]);
  expect(first).toMatchObject({ status: 'fulfilled', value: { id: kept } });
  expect(second).toMatchObject({
    status: 'rejected',
    reason: { message: 'What would be handed over has changed since you looked. Check it once more' }
  });
  expect((await clientRow(kept)).primaryRmId).toBe(rmId);
});
