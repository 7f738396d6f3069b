import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { closeDatabase } from '#lib/platform/db/transactions.server.ts';
import { callerFor } from '#lib/platform/trpc/caller.server.ts';
import { useTestDatabase, type TestDatabase } from '../support/database.ts';
import { makeFirm, type TestFirm } from '../support/firm.ts';
import { mintClient, mintRequestType } from '../support/records.ts';

let database: TestDatabase;
let firm: TestFirm;
let typeId: number;

beforeAll(async () => {
  database = await useTestDatabase();
  firm = await makeFirm();
  typeId = await mintRequestType();
});

afterAll(async () => {
  await closeDatabase();
  await database.drop();
});

const archived = () => mintClient({ primaryRmId: firm.rm.userId, lifecycle: 'archived' });
const refusal = /is archived; bring it back first$/;

describe('an archived client', () => {
  it('takes no new query, request or holding', async () => {
    const clientId = await archived();
    const api = callerFor(firm.rm);
    await expect(api.queries.open({ clientId, subject: 'Where is my statement?' })).rejects.toThrow(refusal);
    await expect(api.requests.open({ clientId, typeId })).rejects.toThrow(refusal);
    await expect(api.holdings.add({ clientId, productName: 'Gold fund' })).rejects.toThrow(refusal);
  });

  it('takes no request of somebody who does not even see it', async () => {
    const clientId = await archived();
    const { ops } = firm;
    await expect(callerFor(ops).clients.byId({ id: clientId })).rejects.toMatchObject({
      code: 'NOT_FOUND'
    });
    await expect(callerFor(ops).requests.open({ clientId, typeId })).rejects.toThrow(refusal);
  });

  it('is still told of, and works again once it is brought back', async () => {
    const clientId = await archived();
    const api = callerFor(firm.rm);
    await api.clients.logContact({ clientId, channel: 'call' });
    await callerFor(firm.rmHead).clients.restore({ id: clientId, version: 1 });
    await expect(api.queries.open({ clientId, subject: 'Where is it?' })).resolves.toMatchObject({
      status: 'open'
    });
  });

  it('does not get finished work back either', async () => {
    const clientId = await mintClient({ primaryRmId: firm.rm.userId });
    const api = callerFor(firm.rm);
    const { id } = await api.queries.open({ clientId, subject: 'A question' });
    await api.queries.resolve({ id, resolution: 'Answered' });
    await callerFor(firm.rmHead).clients.archive({ id: clientId, version: 1 });
    await expect(api.queries.reopen({ id, reason: 'Again' })).rejects.toThrow(refusal);
    await callerFor(firm.rmHead).clients.restore({ id: clientId, version: 2 });
    await expect(api.queries.reopen({ id, reason: 'Again' })).resolves.toMatchObject({ id });
  });
});
