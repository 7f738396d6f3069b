import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { closeDatabase } from '#lib/platform/db/transactions.server.ts';
import { callerFor } from '#lib/platform/trpc/caller.server.ts';
import { useTestDatabase, type TestDatabase } from '../support/database.ts';
import { makeFirm, type TestFirm } from '../support/firm.ts';
import { mintClient, mintHolding, mintInteraction } from '../support/records.ts';

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

const nextOf = async (id: number) => (await callerFor(firm.admin).clients.byId({ id })).nextReviewOn;
const versionOf = async (id: number) => (await callerFor(firm.admin).clients.byId({ id })).version;

describe('logging a portfolio review', () => {
  it('keeps day, holder, holdings, findings and next date, and moves the client’s next review', async () => {
    const clientId = await mintClient({
      primaryRmId: firm.rm.userId,
      reviewEveryMonths: 6,
      nextReviewOn: '2026-01-10'
    });
    const holdingIds = [await mintHolding({ clientId }), await mintHolding({ clientId })];
    const api = callerFor(firm.rm);
    const { id, nextReviewOn, lead } = await api.reviews.log({
      clientId,
      heldOn: '2026-01-15',
      holdingIds,
      findings: 'All well',
      nextOn: '2026-06-30'
    });
    expect({ nextReviewOn, lead }).toEqual({ nextReviewOn: '2026-06-30', lead: null });
    const review = await api.reviews.byId({ id });
    expect(review).toMatchObject({
      heldOn: '2026-01-15',
      nextOn: '2026-06-30',
      findings: 'All well',
      leads: []
    });
    expect(review.holdings.map((holding) => holding.id).sort()).toEqual([...holdingIds].sort());
    expect(await api.interactions.byId({ id })).toMatchObject({
      purpose: 'portfolio_review',
      channel: 'in_person',
      occurredAt: new Date('2026-01-15T06:30:00Z'),
      user: { id: firm.rm.userId }
    });
    const { items } = await api.clients.timeline({ clientId, kinds: ['interaction'] });
    expect(items).toMatchObject([{ id, title: 'Portfolio review', body: 'All well', lead: null }]);
  });

  it('follows the cadence when no date was agreed, and asks for none without one', async () => {
    const { log } = callerFor(firm.rm).reviews;
    const often = await mintClient({ primaryRmId: firm.rm.userId, reviewEveryMonths: 1 });
    await log({ clientId: often, heldOn: '2026-01-31' });
    expect(await nextOf(often)).toBe('2026-02-28');
    const never = await mintClient({ primaryRmId: firm.rm.userId, nextReviewOn: '2026-01-10' });
    await log({ clientId: never, heldOn: '2026-01-12' });
    expect(await nextOf(never)).toBeNull();
  });

  it('leaves the date to the latest review, and gives the client a new version', async () => {
    const clientId = await mintClient({ primaryRmId: firm.rm.userId, reviewEveryMonths: 3 });
    const { log } = callerFor(firm.rm).reviews;
    await log({ clientId, heldOn: '2026-04-01' });
    expect(await versionOf(clientId)).toBe(2);
    await log({ clientId, heldOn: '2025-12-01', nextOn: '2026-03-01' });
    expect(await nextOf(clientId)).toBe('2026-07-01');
    expect(await versionOf(clientId)).toBe(2);
  });

  it('needs days that can be', async () => {
    const clientId = await mintClient({ primaryRmId: firm.rm.userId });
    const { log } = callerFor(firm.rm).reviews;
    const tomorrow = new Date(Date.now() + 2 * 86_400_000).toISOString().slice(0, 10);
    await expect(log({ clientId, heldOn: tomorrow })).rejects.toThrow(/future/);
    await expect(log({ clientId, heldOn: '2026-02-30' })).rejects.toMatchObject({ code: 'BAD_REQUEST' });
    await expect(log({ clientId, heldOn: '2026-01-15', nextOn: '2026-01-15' })).rejects.toThrow(/after this/);
  });

  it('names holdings of that client only', async () => {
    const clientId = await mintClient({ primaryRmId: firm.rm.userId });
    const elsewhere = await mintClient({ primaryRmId: firm.rm.userId });
    const hidden = await mintClient({ primaryRmId: firm.otherRm.userId });
    const { log } = callerFor(firm.rm).reviews;
    for (const id of [
      await mintHolding({ clientId: elsewhere }),
      await mintHolding({ clientId: hidden }),
      999_999
    ])
      await expect(log({ clientId, heldOn: '2026-01-15', holdingIds: [id] })).rejects.toMatchObject({
        code: 'NOT_FOUND',
        message: 'Not found'
      });
    const { total } = await callerFor(firm.rm).interactions.list({ filter: { clientId } });
    expect(total).toBe(0);
  });

  it('was held by oneself, one’s people or whoever looks after the client', async () => {
    const clientId = await mintClient({
      primaryRmId: firm.rm.userId,
      secondaryRmId: firm.otherRm.userId
    });
    const by = (byId: number) => ({ clientId, heldOn: '2026-01-15', byId });
    const { id } = await callerFor(firm.rm).reviews.log(by(firm.otherRm.userId));
    expect(await callerFor(firm.rm).interactions.byId({ id })).toMatchObject({
      user: { id: firm.otherRm.userId },
      loggedBy: { id: firm.rm.userId }
    });
    await callerFor(firm.rmHead).reviews.log(by(firm.rm2.userId));
    await expect(callerFor(firm.rm).reviews.log(by(firm.rm2.userId))).rejects.toMatchObject({
      code: 'FORBIDDEN'
    });
    await expect(callerFor(firm.rm).reviews.log(by(firm.goneId))).rejects.toThrow(/no longer active/);
  });
});

describe('a lead that a review opens', () => {
  it('is the client’s RM’s, carries what is known of the client, and is linked both ways', async () => {
    const clientId = await mintClient({
      name: 'Asha Rao',
      organisation: 'Rao & Co',
      primaryRmId: firm.rm.userId,
      email: 'asha@client.test',
      phone: '+919800000001'
    });
    const { id, lead } = await callerFor(firm.rmHead).reviews.log({
      clientId,
      heldOn: '2026-01-15',
      byId: firm.rm.userId,
      lead: {
        opportunity: 'cross_sell',
        productId: firm.productId,
        expectedValue: '250000.50',
        nextFollowUpOn: '2030-02-01',
        notes: 'Likes funds'
      }
    });
    const api = callerFor(firm.rm);
    expect(await api.leads.byId({ id: lead?.id ?? 0 })).toMatchObject({
      name: 'Asha Rao',
      organisation: 'Rao & Co',
      email: 'asha@client.test',
      phone: '+919800000001',
      status: 'new',
      opportunity: 'cross_sell',
      origin: { id, subject: 'Portfolio review' },
      client: { id: clientId },
      rm: { id: firm.rm.userId },
      obtainedBy: { id: firm.rm.userId },
      expectedValue: '250000.50',
      nextFollowUpOn: '2030-02-01',
      notes: 'Likes funds'
    });
    expect((await api.interactions.byId({ id })).lead).toMatchObject({ id: lead?.id });
    expect((await api.reviews.byId({ id })).leads).toMatchObject([
      { id: lead?.id, opportunity: 'cross_sell' }
    ]);
    const { items } = await api.clients.timeline({ clientId, kinds: ['interaction'] });
    expect(items[0]?.lead).toEqual({ id: lead?.id, number: lead?.number });
    const told = await api.notifications.list({});
    expect(told.items[0]).toMatchObject({ title: `${lead?.number} Asha Rao is yours` });
    await callerFor(firm.admin).interactions.delete({ id });
    expect((await api.leads.byId({ id: lead?.id ?? 0 })).origin).toBeNull();
  });

  it('is refused whole to those who open no leads, and for a product that is not there', async () => {
    const clientId = await mintClient({ primaryRmId: firm.rm.userId, secondaryRmId: firm.ops.userId });
    const review = { clientId, heldOn: '2026-01-15' };
    const upsell = { opportunity: 'upsell' } as const;
    await expect(callerFor(firm.ops).reviews.log({ ...review, lead: upsell })).rejects.toMatchObject({
      code: 'FORBIDDEN'
    });
    const missing = { ...upsell, productId: 999_999 };
    await expect(callerFor(firm.rm).reviews.log({ ...review, lead: missing })).rejects.toMatchObject({
      code: 'NOT_FOUND'
    });
    const { total } = await callerFor(firm.admin).interactions.list({ filter: { clientId } });
    expect(total).toBe(0);
  });
});

describe('changing a review', () => {
  it('changes its day, findings, holdings and the client’s next review', async () => {
    const clientId = await mintClient({ primaryRmId: firm.rm.userId, reviewEveryMonths: 12 });
    const [one, two] = [await mintHolding({ clientId }), await mintHolding({ clientId })];
    const { log, update, byId } = callerFor(firm.rm).reviews;
    const { id } = await log({ clientId, heldOn: '2026-01-15', holdingIds: [one] });
    await update({ id, version: 1, heldOn: '2026-01-20', findings: 'More', holdingIds: [two] });
    expect(await nextOf(clientId)).toBe('2027-01-20');
    await update({ id, version: 2, nextOn: '2026-07-20' });
    expect(await nextOf(clientId)).toBe('2026-07-20');
    expect(await byId({ id })).toMatchObject({
      heldOn: '2026-01-20',
      nextOn: '2026-07-20',
      findings: 'More',
      holdings: [{ id: two }],
      version: 3
    });
    await expect(update({ id, version: 1, findings: 'Late' })).rejects.toMatchObject({ code: 'CONFLICT' });
    await expect(update({ id, version: 3, nextOn: '2026-01-01' })).rejects.toThrow(/after this/);
  });

  it('tells a review from another conversation', async () => {
    const clientId = await mintClient({ primaryRmId: firm.rm.userId });
    const id = await mintInteraction({ clientId, userId: firm.rm.userId });
    await expect(callerFor(firm.rm).reviews.byId({ id })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    // Logged elsewhere, without a form: still a review, of that day.
    const imported = await mintInteraction({
      clientId,
      purpose: 'portfolio_review',
      occurredAt: new Date('2025-05-05T20:00:00Z')
    });
    expect(await callerFor(firm.rm).reviews.byId({ id: imported })).toMatchObject({
      heldOn: '2025-05-06',
      nextOn: null,
      holdings: []
    });
  });
});
