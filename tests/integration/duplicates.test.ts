import { describe, expect, it } from 'vitest';
import { sql } from 'drizzle-orm';
import { asActor, asSystem } from '#lib/platform/db/transactions.server.ts';
import { callerFor } from '#lib/platform/trpc/caller.server.ts';
import type { TestFirm } from '../support/firm.ts';
import { mintClient, mintLead } from '../support/records.ts';
import { firm, useTestFirm } from '../support/test-firm.ts';

useTestFirm();

let phones = 0;

const rows = <T extends Record<string, unknown>>(statement: ReturnType<typeof sql>) =>
  asSystem(async (tx) => [...(await tx.execute<T>(statement))]);

const aPhone = () => `+9198${String(10_000_000 + ++phones)}`;
const bargain = () => ({ productId: firm.productId, amount: '250000.00', startedOn: '2026-11-02' });
const abroad = { panExemptReason: 'Abroad' };

/** A client of the other team, and a lead of `firm.rm` with its phone whose conversion was sent for review. */
async function leadUnderReview(name: string) {
  const phone = aPhone();
  const clientId = await mintClient({ name: `${name} (known)`, primaryRmId: firm.otherRm.userId, phone });
  const leadId = await mintLead({
    name,
    phone,
    phoneKey: phone,
    conversionRmId: firm.rm.userId,
    status: 'wip'
  });
  const convert = () => callerFor(firm.rm).leads.convert({ id: leadId, client: abroad, ...bargain() });
  expect(await convert()).toEqual({ outcome: 'sent_for_review' });
  const { items } = await callerFor(firm.otherHead).duplicates.list({});
  const [review] = items.filter((one) => one.client.id === clientId);
  if (!review) throw new Error('Nobody was asked');
  return { clientId, leadId, reviewId: review.id, convert };
}

/** A client of the other team whose phone `firm.rm` enters for a new client. */
async function clientUnderReview(name: string) {
  const phone = aPhone();
  const clientId = await mintClient({ name: `${name} (known)`, primaryRmId: firm.otherRm.userId, phone });
  const create = () =>
    callerFor(firm.rm).clients.create({ kind: 'individual', name, phone, panExemptReason: 'Abroad' });
  expect(await create()).toEqual({ outcome: 'sent_for_review' });
  const [own] = await callerFor(firm.rm).duplicates.own({});
  return { clientId, phone, create, reviewId: own?.id ?? 0 };
}

const toldTo = async (actor: TestFirm['rm']) =>
  (await callerFor(actor).notifications.list({})).items.filter(({ kind }) => kind === 'duplicate');

describe('a duplicate that its author does not see', () => {
  it('waits for the head of its owner’s team, who reads what was entered beside the client', async () => {
    const { reviewId, clientId } = await leadUnderReview('Anil Kapur');
    const seen = await callerFor(firm.otherHead).duplicates.byId({ id: reviewId });
    expect(seen).toMatchObject({
      role: 'decider',
      occasion: 'lead',
      matchedOn: 'phone',
      askedBy: { id: firm.rm.userId },
      client: { id: clientId, name: 'Anil Kapur (known)', points: [{ kind: 'phone' }] },
      entered: { name: 'Anil Kapur', sale: { product: 'Balanced Fund', amount: '250000.00' } },
      lead: null,
      can: { decide: true }
    });
    expect((await callerFor(firm.otherHead).home.today({})).duplicates).toBeGreaterThan(0);
    expect((await callerFor(firm.rmHead).duplicates.list({})).total).toBe(0);
    expect((await callerFor(firm.admin).duplicates.list({})).total).toBeGreaterThan(0);
  });

  it('is shown to whoever entered it without the client, and to nobody else', async () => {
    const { reviewId, clientId } = await leadUnderReview('Bela Rao');
    const own = await callerFor(firm.rm).duplicates.byId({ id: reviewId });
    expect(own).toMatchObject({ role: 'asker', decision: null, entered: { name: 'Bela Rao' } });
    expect(JSON.stringify(own)).not.toMatch(/known|clientId|matchedOn/);
    const hidden = { code: 'NOT_FOUND', message: 'Not found' };
    for (const stranger of [firm.otherRm, firm.rm2, firm.rmHead])
      await expect(callerFor(stranger).duplicates.byId({ id: reviewId })).rejects.toMatchObject(hidden);
    for (const reader of [firm.rm, firm.otherRm]) {
      const visible = await asActor(reader, async (tx) => [
        ...(await tx.execute(sql`select 1 from duplicate_reviews where client_id = ${clientId}`))
      ]);
      expect(visible).toEqual([]);
    }
  });

  it('links the lead to the client it is, with what was sold, and shows its RM nothing of it', async () => {
    const { reviewId, clientId, leadId } = await leadUnderReview('Chand Same');
    const head = callerFor(firm.otherHead);
    expect(await head.duplicates.decide({ id: reviewId, decision: 'same', note: 'Ask Osman.' })).toEqual({
      id: reviewId,
      decision: 'same',
      linked: true
    });
    const api = callerFor(firm.rm);
    const lead = await api.leads.byId({ id: leadId });
    expect(lead).toMatchObject({ status: 'converted', client: null, holdings: [] });
    expect(lead.history[0]).toMatchObject({ actor: { id: firm.otherHead.userId } });
    await expect(api.clients.byId({ id: clientId })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const seen = await asActor(firm.rm, async (tx) => [
      ...(await tx.execute(sql`select 1 from interactions where lead_id = ${leadId}
        union all select 1 from holdings where lead_id = ${leadId}`))
    ]);
    expect(seen).toEqual([]);
    expect(
      await rows(
        sql`select product_id as product, amount, lead_id as lead from holdings where client_id = ${clientId}`
      )
    ).toEqual([{ product: firm.productId, amount: '250000.00', lead: leadId }]);
    expect(await rows(sql`select lead_id as lead from interactions where client_id = ${clientId}`)).toEqual([
      { lead: leadId }
    ]);
    const [told] = await toldTo(firm.rm);
    expect(told).toMatchObject({ page: `/leads/${leadId}`, title: 'Chand Same is a client already' });
    expect(told?.body).toMatch(/converted and linked.*Ask Osman/);
    expect(JSON.stringify(told)).not.toContain('known');
    const [audited] =
      await rows(sql`select actor_id as by, new_values ->> 'decision' as decision from audit_log
      where table_name = 'duplicate_reviews' and action = 'update' order by id desc limit 1`);
    expect(audited).toEqual({ by: firm.otherHead.userId, decision: 'same' });
  });

  it('lets the lead be converted once when it is somebody else', async () => {
    const { reviewId, convert } = await leadUnderReview('Dev Different');
    await callerFor(firm.otherHead).duplicates.decide({ id: reviewId, decision: 'different' });
    expect((await toldTo(firm.rm))[0]?.body).toMatch(/send it once more/);
    expect(await convert()).toMatchObject({
      outcome: 'converted',
      created: true,
      client: { name: 'Dev Different' }
    });
  });

  it('lets a new client be entered once when it is somebody else, and asks again for the next', async () => {
    const { reviewId, create } = await clientUnderReview('Esha Else');
    await callerFor(firm.otherHead).duplicates.decide({ id: reviewId, decision: 'different' });
    expect(await create()).toMatchObject({ outcome: 'created' });
    expect(await callerFor(firm.rm).duplicates.byId({ id: reviewId })).toMatchObject({
      usedAt: expect.any(Date) as Date
    });
    // His own is in the way now; another person's phone is a question anew.
    await expect(create()).rejects.toThrow(/has the same phone number/);
  });

  it('creates nothing when it is the same, and tells whoever entered it', async () => {
    const { reviewId, create } = await clientUnderReview('Firoz Same');
    await callerFor(firm.otherHead).duplicates.decide({ id: reviewId, decision: 'same' });
    expect((await toldTo(firm.rm))[0]).toMatchObject({
      title: 'Firoz Same is a client already',
      page: `/duplicates/${reviewId}`
    });
    expect(await create()).toEqual({ outcome: 'sent_for_review' });
    expect(await rows(sql`select 1 from clients where name = 'Firoz Same'`)).toEqual([]);
  });

  it('opens the way for whoever asked, not for a colleague', async () => {
    const { reviewId, phone } = await clientUnderReview('Gauri Own');
    await callerFor(firm.otherHead).duplicates.decide({ id: reviewId, decision: 'different' });
    const colleague = callerFor(firm.rm2);
    expect(
      await colleague.clients.create({
        kind: 'individual',
        name: 'Gauri Own',
        phone,
        panExemptReason: 'Abroad'
      })
    ).toEqual({ outcome: 'sent_for_review' });
  });

  it('never lets a PAN through that another client has', async () => {
    const pan = 'ABCPK1234L';
    await callerFor(firm.otherRm).clients.create({ kind: 'individual', name: 'Hari Kumar', pan });
    const create = () => callerFor(firm.rm).clients.create({ kind: 'individual', name: 'Hari Kapoor', pan });
    expect(await create()).toEqual({ outcome: 'sent_for_review' });
    const [own] = await callerFor(firm.rm).duplicates.own({});
    expect(own?.entered).toMatchObject({ name: 'Hari Kapoor', panLast4: '234L' });
    expect(await rows(sql`select 1 from duplicate_reviews where entered::text like ${`%${pan}%`}`)).toEqual(
      []
    );
    await callerFor(firm.otherHead).duplicates.decide({ id: own?.id ?? 0, decision: 'different' });
    expect((await toldTo(firm.rm))[0]?.body).toMatch(/PAN or account id belongs to somebody else/);
    expect(await create()).toEqual({ outcome: 'sent_for_review' });
  });

  it('is decided once, by those whose people the client is with', async () => {
    const { reviewId } = await leadUnderReview('Indu Once');
    const decision = { id: reviewId, decision: 'different' as const };
    await expect(callerFor(firm.rmHead).duplicates.decide(decision)).rejects.toMatchObject({
      code: 'NOT_FOUND'
    });
    await expect(callerFor(firm.otherRm).duplicates.decide(decision)).rejects.toMatchObject({
      code: 'FORBIDDEN'
    });
    const both = await Promise.allSettled([
      callerFor(firm.otherHead).duplicates.decide(decision),
      callerFor(firm.admin).duplicates.decide({ ...decision, decision: 'same' })
    ]);
    expect(both.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(String(both.find((one) => one.status === 'rejected')?.reason)).toMatch(/decided already/);
  });

  it('is withdrawn when the lead is finished otherwise', async () => {
    const { reviewId, leadId } = await leadUnderReview('Jaya Gone');
    await callerFor(firm.rm).leads.deny({ id: leadId, reason: 'budget' });
    expect(await callerFor(firm.otherHead).duplicates.byId({ id: reviewId })).toMatchObject({
      decision: 'withdrawn',
      can: { decide: false }
    });
    await expect(
      callerFor(firm.otherHead).duplicates.decide({ id: reviewId, decision: 'same' })
    ).rejects.toThrow(/decided already: no longer needed/);
  });

  it('is asked about once, however often it is sent', async () => {
    const { convert, clientId } = await leadUnderReview('Kiran Twice');
    const before = (await toldTo(firm.otherHead)).length;
    await convert();
    expect(await rows(sql`select 1 from duplicate_reviews where client_id = ${clientId}`)).toHaveLength(1);
    expect(await toldTo(firm.otherHead)).toHaveLength(before);
  });
});
