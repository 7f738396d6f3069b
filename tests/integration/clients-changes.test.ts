import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import { closeDatabase } from '#lib/platform/db/transactions.server.ts';
import { callerFor } from '#lib/platform/trpc/caller.server.ts';
import { createClient, panOf } from '../support/clients.ts';
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

const clientsOf = (actor: Actor) => callerFor(actor).clients;

describe('changing a client', () => {
  it('counts versions and shows the present row to somebody who was slower', async () => {
    const { client } = await createClient(firm.rm);
    const api = clientsOf(firm.rm);
    const changed = await api.update({ id: client.id, version: 1, organisation: 'Acme', tier: 'gold' });
    expect(changed).toMatchObject({ outcome: 'updated', client: { version: 2, organisation: 'Acme' } });
    const stale = api.update({ id: client.id, version: 1, organisation: 'Other' });
    await expect(stale).rejects.toMatchObject({
      code: 'CONFLICT',
      cause: { details: { current: { organisation: 'Acme', version: 2 } } }
    });
    expect((await api.update({ id: client.id, version: 2, organisation: null })).outcome).toBe('updated');
    expect((await api.byId({ id: client.id })).organisation).toBeNull();
  });

  it('checks the PAN again when the type changes, and keeps it otherwise', async () => {
    const { client } = await createClient(firm.rm, { pan: panOf(910) });
    const api = clientsOf(firm.rm);
    await expect(api.update({ id: client.id, version: 1, type: 'huf' })).rejects.toThrow(/fourth letter/);
    await api.update({ id: client.id, version: 1, name: 'Renamed Kapoor' });
    expect(await api.revealPan({ id: client.id })).toEqual({ pan: panOf(910) });
    await expect(api.update({ id: client.id, version: 2, pan: null })).rejects.toThrow(/A PAN is needed/);
    await api.update({ id: client.id, version: 2, pan: null, panExemptReason: 'Lost' });
    await expect(api.revealPan({ id: client.id })).rejects.toThrow(/no PAN/);
  });

  it('refuses unknown fields, whatever column they name', async () => {
    const { client } = await createClient(firm.rm);
    for (const field of ['panCipher', 'panIndex', 'lastContactAt', 'createdById', 'primaryRmId', 'number']) {
      const sneaky = { id: client.id, version: 1, [field]: 1 } as never;
      await expect(clientsOf(firm.rm).update(sneaky)).rejects.toMatchObject({ code: 'BAD_REQUEST' });
    }
  });

  it('hands it over within the head’s own teams, and tells the new point of contact', async () => {
    const { client } = await createClient(firm.rm);
    await expect(
      clientsOf(firm.rm).assign({ id: client.id, primaryRmId: firm.rm2.userId })
    ).rejects.toMatchObject({ code: 'FORBIDDEN' });
    const head = clientsOf(firm.rmHead);
    await expect(head.assign({ id: client.id, primaryRmId: firm.otherRm.userId })).rejects.toThrow(
      /own teams/
    );
    await head.assign({ id: client.id, primaryRmId: firm.rm2.userId });
    await expect(clientsOf(firm.rm).byId({ id: client.id })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const news = await callerFor(firm.rm2).notifications.list({});
    expect(news.items[0]).toMatchObject({ kind: 'assigned', page: `/clients/${client.id}` });
  });

  it('keeps contact points, addresses, tags and notes', async () => {
    const { client } = await createClient(firm.rm, { phone: '98300 00001' });
    const api = clientsOf(firm.rm);
    const clientId = client.id;
    const second = await api.contactPoints.add({
      clientId,
      kind: 'phone',
      value: '98300 00002',
      primary: true
    });
    await expect(
      api.contactPoints.add({ clientId, kind: 'phone', value: '+91 98300 00002' })
    ).rejects.toThrow(/there already/);
    const address = await api.addresses.add({ clientId, city: 'Goa' });
    await api.addresses.update({ clientId, id: address.id, city: 'Panaji' });
    await api.setTags({ clientId, tags: ['nri', 'vip', 'vip'] });
    await api.setTags({ clientId, tags: ['vip', 'new'] });
    await api.addNote({ clientId, body: 'Prefers evenings' });
    expect(await api.byId({ id: clientId })).toMatchObject({
      contactPoints: [
        { id: second.id, primary: true },
        { value: '98300 00001', primary: false }
      ],
      addresses: [{ city: 'Panaji' }],
      tags: ['new', 'vip'],
      notes: [{ body: 'Prefers evenings', author: { id: firm.rm.userId } }]
    });
    await api.contactPoints.remove({ clientId, id: second.id });
    await api.addresses.remove({ clientId, id: address.id });
    expect(await api.byId({ id: clientId })).toMatchObject({ contactPoints: [{}], addresses: [] });
    const other = await mintClient({ primaryRmId: firm.rm.userId });
    await expect(api.addresses.remove({ clientId: other, id: address.id })).rejects.toMatchObject({
      code: 'NOT_FOUND'
    });
  });
});
