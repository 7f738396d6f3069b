import { expect, test } from 'vitest';
import { callerFor } from '#lib/platform/trpc/caller.server.ts';
import { clientRow } from '../support/handovers.ts';
import { waitsOrIsDone } from '../support/lock-waits.ts';
import { mintClient, mintQuery, mintRequest } from '../support/records.ts';
import { firm, superuser, useTestFirm } from '../support/test-firm.ts';

useTestFirm();

/** Two clients, of each of whom something was said about a query. */
async function twoSpokenWith() {
  const said = async () => {
    const clientId = await mintClient({ primaryRmId: firm.rm.userId });
    const queryId = await mintQuery({ clientId, rmId: firm.rm.userId });
    const { id } = await callerFor(firm.rm).interactions.log({
      clientId,
      queryId,
      channel: 'call',
      direction: 'outbound',
      subject: 'Asked about the statement',
      occurredAt: new Date(Date.now() - 3_600_000)
    });
    return { clientId, queryId, id };
  };
  const [kept, gone] = [await said(), await said()];
  await superuser`update clients set tier = 'gold' where id = ${gone.clientId}`;
  await superuser`delete from clock_refresh`;
  const [version, otherVersion] = [
    (await clientRow(kept.clientId)).version,
    (await clientRow(gone.clientId)).version
  ];
  const merge = () =>
    callerFor(firm.admin).clients.merge({
      id: kept.clientId,
      otherId: gone.clientId,
      version,
      otherVersion,
      take: ['tier']
    });
  return { kept, gone, merge };
}

// The last contact of the client follows what is corrected and what is deleted.
test.each(['corrected', 'deleted'])('merging waits for what is being %s before its client', async (how) => {
  const { kept, gone, merge } = await twoSpokenWith();
  let merged: Promise<unknown> = Promise.resolve();
  await superuser.begin(async (person) => {
    await person`select 1 from interactions where id = ${gone.id} for update`;
    merged = merge();
    await waitsOrIsDone(merged);
    if (how === 'deleted') await person`delete from interactions where id = ${gone.id}`;
    else await person`update interactions set subject = 'Asked about the fees' where id = ${gone.id}`;
  });
  expect(await merged).toMatchObject({ id: kept.clientId });
});

test('merging waits for what is being corrected of the client that is kept before its notes', async () => {
  const { kept, merge } = await twoSpokenWith();
  let merged: Promise<unknown> = Promise.resolve();
  await superuser.begin(async (person) => {
    await person`select 1 from interactions where id = ${kept.id} for update`;
    // As correcting does before the last contact follows.
    await person`insert into clock_refresh (subject_kind, subject_id) values ('query', ${kept.queryId})`;
    merged = merge();
    await waitsOrIsDone(merged);
    await person`update interactions set occurred_at = now() where id = ${kept.id}`;
  });
  expect(await merged).toMatchObject({ id: kept.clientId });
});

test('what is corrected while its client is merged is corrected on the one that is kept', async () => {
  const { kept, gone, merge } = await twoSpokenWith();
  let corrected: Promise<unknown> = Promise.resolve();
  let merged: Promise<unknown> = Promise.resolve();
  await superuser.begin(async (person) => {
    await person`select 1 from clients where id = ${kept.clientId} for update`;
    merged = merge();
    await waitsOrIsDone(merged);
    corrected = callerFor(firm.admin).interactions.update({
      id: gone.id,
      version: 1,
      subject: 'Asked about the fees'
    });
  });
  await Promise.all([merged, corrected]);
  expect(
    await superuser`select client_id::int as "clientId", subject from interactions where id = ${gone.id}`
  ).toMatchObject([{ clientId: kept.clientId, subject: 'Asked about the fees' }]);
});

const WORK = {
  queries: (clientId: number) => mintQuery({ clientId, rmId: firm.rm.userId }),
  service_requests: (clientId: number) => mintRequest({ clientId, teamId: firm.teams.ops })
};

// Their rows show the name, and how many are open is counted on the client.
test.each(Object.keys(WORK) as (keyof typeof WORK)[])(
  'renaming a client waits for its %s before the client',
  async (table) => {
    const id = await mintClient({ primaryRmId: firm.rm.userId });
    const workId = await WORK[table](id);
    const { version } = await clientRow(id);
    let renamed: Promise<unknown> = Promise.resolve();
    await superuser.begin(async (person) => {
      await person`select 1 from ${person(table)} where id = ${workId} for update`;
      renamed = callerFor(firm.rm).clients.update({ id, version, name: 'Renamed Meanwhile' });
      await waitsOrIsDone(renamed);
      await person`update clients set open_work = 0 where id = ${id}`;
    });
    expect(await renamed).toMatchObject({ outcome: 'updated' });
    expect(
      await superuser`select client_name as name from ${superuser(table)} where id = ${workId}`
    ).toMatchObject([{ name: 'Renamed Meanwhile' }]);
  }
);
