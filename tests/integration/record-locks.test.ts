import { expect, test } from 'vitest';
import { mintClient, mintLead, mintQuery, mintRequest } from '../support/records.ts';
import { firm, superuser, useTestFirm } from '../support/test-firm.ts';

useTestFirm();

const RECORDS = {
  clients: () => mintClient({ primaryRmId: firm.rm.userId }),
  queries: async () => mintQuery({ clientId: await mintClient(), rmId: firm.rm.userId }),
  service_requests: async () => mintRequest({ clientId: await mintClient(), teamId: firm.teams.ops }),
  leads: () => mintLead({ conversionRmId: firm.rm.userId })
};

// Two who add to the same record and then change it would wait for each other otherwise.
test.each(Object.keys(RECORDS) as (keyof typeof RECORDS)[])(
  '%s can be changed while somebody adds what refers to them',
  async (table) => {
    const id = await RECORDS[table]();
    await superuser.begin(async (adding) => {
      // As a foreign key does.
      await adding`select 1 from ${adding(table)} where id = ${id} for key share`;
      const changed = await superuser.begin(async (changing) => {
        await changing`set local lock_timeout = '2s'`;
        return changing`update ${changing(table)} set updated_at = now(), version = version + 1 where id = ${id}`;
      });
      expect(changed.count).toBe(1);
    });
  }
);

test('requests for one client can be added by many at a time', async () => {
  const clientId = await mintClient({ primaryRmId: firm.rm.userId });
  const ids = await Promise.all(
    Array.from({ length: 12 }, () => mintRequest({ clientId, teamId: firm.teams.ops }))
  );
  expect(new Set(ids).size).toBe(12);
});
