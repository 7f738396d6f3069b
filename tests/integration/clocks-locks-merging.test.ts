import { expect, test } from 'vitest';
import { callerFor } from '#lib/platform/trpc/caller.server.ts';
import { waitsOrIsDone } from '../support/lock-waits.ts';
import { mintClient, mintQuery } from '../support/records.ts';
import { firm, superuser, useTestFirm } from '../support/test-firm.ts';

useTestFirm();

/** A client with two queries of which the first lies behind the second, and both behind the same tag as another's. */
async function clientWithWork() {
  const [kept, gone] = [
    await mintClient({ primaryRmId: firm.rm.userId }),
    await mintClient({ primaryRmId: firm.rm.userId })
  ];
  const first = await mintQuery({ clientId: gone, rmId: firm.rm.userId });
  const second = await mintQuery({ clientId: gone, rmId: firm.rm.userId });
  await superuser`update queries set updated_at = now() where id = ${first}`;
  await superuser`insert into client_tags (client_id, tag) values (${kept}, 'family'), (${gone}, 'family')`;
  await superuser`delete from clock_refresh`;
  const versions = await superuser<{ id: number; version: number }[]>`
    select id::int as id, version from clients where id in (${kept}, ${gone}) order by id`;
  const [version = 1, otherVersion = 1] = versions.map((row) => row.version);
  const merge = () => callerFor(firm.admin).clients.merge({ id: kept, otherId: gone, version, otherVersion });
  return { kept, gone, first, second, merge };
}

test('merging waits for work before its client and its notes', async () => {
  const { kept, gone, first, merge } = await clientWithWork();
  let merged: Promise<unknown> = Promise.resolve();
  await superuser.begin(async (person) => {
    await person`select 1 from queries where id = ${first} for update`;
    merged = merge();
    await waitsOrIsDone(merged);
    // As another priority does, which notes the work, and then whatever changes what is open for the client.
    await person`update queries set priority = 'high' where id = ${first}`;
    await person`update clients set updated_at = now() where id = ${gone}`;
  });
  expect(await merged).toMatchObject({ id: kept });
});

test('merging waits for work in the order in which many are changed at once', async () => {
  const { kept, first, second, merge } = await clientWithWork();
  let merged: Promise<unknown> = Promise.resolve();
  await superuser.begin(async (person) => {
    await person`select 1 from queries where id = ${first} for update`;
    merged = merge();
    await waitsOrIsDone(merged);
    await person`select 1 from queries where id = ${second} for update`;
  });
  expect(await merged).toMatchObject({ id: kept });
});

test('a tag notes the work of its client in the order in which many are changed at once', async () => {
  const { gone, first, second } = await clientWithWork();
  let tagged: Promise<unknown> = Promise.resolve();
  await superuser.begin(async (person) => {
    await person`update queries set priority = 'high' where id = ${first}`;
    tagged = Promise.resolve(
      superuser`insert into client_tags (client_id, tag) values (${gone}, 'new') returning tag`
    );
    await waitsOrIsDone(tagged);
    await person`update queries set priority = 'high' where id = ${second}`;
  });
  expect(await tagged).toMatchObject([{ tag: 'new' }]);
});
