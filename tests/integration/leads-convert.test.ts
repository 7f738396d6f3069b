import { describe, expect, it } from 'vitest';
import { sql } from 'drizzle-orm';
import { asSystem } from '#lib/platform/db/transactions.server.ts';
import { callerFor } from '#lib/platform/trpc/caller.server.ts';
import type { TestFirm } from '../support/firm.ts';
import { mintClient, mintLead } from '../support/records.ts';
import { firm, useTestFirm } from '../support/test-firm.ts';

useTestFirm();

const rows = <T extends Record<string, unknown>>(statement: ReturnType<typeof sql>) =>
  asSystem(async (tx) => [...(await tx.execute<T>(statement))]);

const bargain = () => ({ productId: firm.productId, amount: '250000.00', startedOn: '2026-11-02' });

describe('converting a lead', () => {
  it('creates the client, the holding and the conversation, links them and leaves an audit trail', async () => {
    const id = await mintLead({
      name: 'Meera Nair',
      email: 'meera@nair.test',
      emailKey: 'meera@nair.test',
      conversionRmId: firm.rm.userId,
      status: 'wip'
    });
    const api = callerFor(firm.rm);
    const done = await api.leads.convert({ id, client: { panExemptReason: 'Abroad' }, ...bargain() });
    if (done.outcome !== 'converted') throw new Error(done.outcome);
    expect(done).toMatchObject({ status: 'converted', created: true, client: { name: 'Meera Nair' } });

    const lead = await api.leads.byId({ id });
    expect(lead).toMatchObject({ status: 'converted', client: { id: done.client.id } });
    expect(lead.holdings).toMatchObject([{ id: done.holdingId, amount: '250000.00' }]);
    expect(lead.history[0]).toMatchObject({
      action: 'update',
      newValues: { status: 'converted' },
      actor: { id: firm.rm.userId }
    });
    const talks = await api.interactions.list({ filter: { clientId: done.client.id } });
    expect(talks.items).toMatchObject([{ id: done.interactionId, purpose: 'new_business' }]);
  });

  it('gives one client and a clear message to the second of two at the same time', async () => {
    const id = await mintLead({ name: 'Twice Told', conversionRmId: firm.rm.userId, status: 'wip' });
    const convert = (actor: TestFirm['rm']) =>
      callerFor(actor).leads.convert({ id, version: 1, client: { panExemptReason: 'Abroad' }, ...bargain() });
    const answers = await Promise.allSettled([convert(firm.rm), convert(firm.rmHead)]);
    const refused = answers.find((answer) => answer.status === 'rejected');
    expect(answers.filter((answer) => answer.status === 'fulfilled')).toHaveLength(1);
    expect(String(refused?.reason)).toMatch(/LD-\d+ is converted already. Nothing was added a second time/);
    expect(await rows(sql`select 1 from clients where name = 'Twice Told'`)).toHaveLength(1);
    expect(await rows(sql`select 1 from holdings where lead_id = ${id}`)).toHaveLength(1);
  });

  it('says nothing of a client the actor does not see, and asks the head of its owner', async () => {
    const hidden = await mintClient({
      name: 'Secret Person',
      primaryRmId: firm.otherRm.userId,
      phone: '+919812345670'
    });
    const id = await mintLead({
      name: 'Same Phone',
      phone: '98123 45670',
      phoneKey: '+919812345670',
      conversionRmId: firm.rm.userId,
      status: 'wip'
    });
    const api = callerFor(firm.rm);
    const before = (await api.leads.byId({ id })).version;
    expect(await api.leads.matches({ id })).toEqual([]);
    expect(await api.leads.convert({ id, client: { panExemptReason: 'Abroad' }, ...bargain() })).toEqual({
      outcome: 'sent_for_review'
    });
    expect(await api.leads.byId({ id })).toMatchObject({ status: 'wip', client: null, version: before });
    expect(await rows(sql`select client_id, lead_id from duplicate_reviews`)).toEqual([
      { client_id: hidden, lead_id: id }
    ]);
    const told = await callerFor(firm.otherHead).notifications.list({});
    expect(told.items).toMatchObject([{ kind: 'duplicate' }]);
    expect(told.items[0]?.page).toMatch(/^\/duplicates\/\d+$/);
  });

  it('uses a client of a colleague whom the actor sees, without gaining anything on it', async () => {
    const clientId = await mintClient({ primaryRmId: firm.rm2.userId, name: 'Colleague’s Client' });
    const id = await mintLead({ conversionRmId: firm.rm.userId, status: 'wip' });
    const done = await callerFor(firm.rmHead).leads.convert({ id, clientId, ...bargain() });
    if (done.outcome !== 'converted') throw new Error(done.outcome);
    const lead = await callerFor(firm.rm).leads.byId({ id });
    expect(lead).toMatchObject({ status: 'converted', client: null, holdings: [] });
    await expect(callerFor(firm.rm).clients.byId({ id: clientId })).rejects.toMatchObject({
      code: 'NOT_FOUND'
    });
  });

  it('fills what is empty on the existing client, and only that', async () => {
    const clientId = await mintClient({
      primaryRmId: firm.rm.userId,
      organisation: 'Old & Sons',
      phone: '+919811111111'
    });
    const id = await mintLead({
      organisation: 'New Ltd',
      email: 'fill@me.test',
      emailKey: 'fill@me.test',
      phone: '9822222222',
      phoneKey: '+919822222222',
      conversionRmId: firm.rm.userId,
      status: 'wip'
    });
    const done = await callerFor(firm.rm).leads.convert({
      id,
      clientId,
      client: { accountId: 'AC-77' },
      fillEmpty: true,
      ...bargain()
    });
    expect(done).toMatchObject({ outcome: 'converted', created: false, filled: ['accountId', 'email'] });
    const [client] = await rows(sql`select organisation, account_id from clients where id = ${clientId}`);
    expect(client).toEqual({ organisation: 'Old & Sons', account_id: 'AC-77' });
  });

  it('finds the client by an e-mail it shares with the lead when none is named', async () => {
    const clientId = await mintClient({ primaryRmId: firm.rm.userId, email: 'known@one.test' });
    const id = await mintLead({
      email: 'Known@One.test',
      emailKey: 'known@one.test',
      conversionRmId: firm.rm.userId,
      status: 'wip'
    });
    const api = callerFor(firm.rm);
    expect(await api.leads.matches({ id })).toMatchObject([{ id: clientId, matchedOn: 'email' }]);
    expect(await api.leads.convert({ id, ...bargain() })).toMatchObject({
      client: { id: clientId },
      created: false
    });
  });

  it('is refused to the obtainer who is not the RM, and to everybody who does not see the lead', async () => {
    const id = await mintLead({
      obtainedById: firm.rm.userId,
      conversionRmId: firm.rm2.userId,
      status: 'wip'
    });
    await expect(callerFor(firm.rm).leads.convert({ id, ...bargain() })).rejects.toMatchObject({
      code: 'FORBIDDEN'
    });
    await expect(callerFor(firm.otherRm).leads.convert({ id, ...bargain() })).rejects.toMatchObject({
      code: 'NOT_FOUND'
    });
  });

  it('changes nothing when the product is missing', async () => {
    const id = await mintLead({ name: 'No Product', conversionRmId: firm.rm.userId, status: 'wip' });
    await expect(
      callerFor(firm.rm).leads.convert({
        id,
        client: { panExemptReason: 'Abroad' },
        ...bargain(),
        productId: 999_999
      })
    ).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await rows(sql`select 1 from clients where name = 'No Product'`)).toEqual([]);
  });
});
