import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { leads } from '#lib/leads/schema.server.ts';
import { asSystem, closeDatabase } from '#lib/platform/db/transactions.server.ts';
import { callerFor } from '#lib/platform/trpc/caller.server.ts';
import { refreshClocks } from '../../workers/refresh.ts';
import { useTestDatabase, type TestDatabase } from '../support/database.ts';
import { makeFirm, type TestFirm } from '../support/firm.ts';
import { promisesOn } from '../support/promises.ts';
import { mintLead } from '../support/records.ts';

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

const DAY = 86_400_000;
/** The same for all that is compared. */
const NOW = Math.floor(Date.now() / 1000) * 1000;
const daysAgo = (days: number) => new Date(NOW - days * DAY);
const inDays = (days: number) =>
  new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Kolkata' }).format(daysAgo(-days));

const rm = () => callerFor(firm.rm).leads;
const head = () => callerFor(firm.rmHead).leads;
const mine = (values: Parameters<typeof mintLead>[0] = {}) =>
  mintLead({ conversionRmId: firm.rm.userId, createdAt: daysAgo(3), ...values });
const change = (id: number, values: Partial<typeof leads.$inferInsert>) =>
  asSystem((tx) => tx.update(leads).set(values).where(eq(leads.id, id)));
const contact = (id: number, values: { missed?: boolean; nextFollowUpOn?: string } = {}) =>
  rm().logContact({ id, channel: 'call', subject: 'Wants a SIP', ...values });

async function promises(id: number, target: string) {
  await refreshClocks();
  return (await promisesOn('lead', id)).filter((clock) => clock.target === target);
}

const convert = async (id: number) => {
  const answer = await rm().convert({
    id,
    productId: firm.productId,
    client: { name: 'New One', panExemptReason: 'Abroad' }
  });
  if (answer.outcome !== 'converted') throw new Error('It was not converted');
  return answer.client.id;
};

describe('the first call', () => {
  it('is due once somebody is to make it, within a working day from then', async () => {
    const id = await mintLead({ teamId: firm.teams.rm, createdAt: daysAgo(9) });
    expect(await promises(id, 'first_call')).toEqual([]);
    await head().assign({ id, rmId: firm.rm.userId });
    const [clock, ...others] = await promises(id, 'first_call');
    expect(others).toEqual([]);
    expect(clock).toMatchObject({ state: 'running', breachedAt: null });
    expect(Date.now() - (clock?.startedAt.getTime() ?? 0)).toBeLessThan(60_000);
  });

  it('goes on with the next RM, and ends where there is none', async () => {
    const id = await mine();
    const [before] = await promises(id, 'first_call');
    await change(id, { conversionRmId: firm.rm2.userId });
    expect(await promises(id, 'first_call')).toEqual([before]);
    await change(id, { conversionRmId: null });
    expect(await promises(id, 'first_call')).toMatchObject([{ state: 'cancelled' }]);
  });

  it('is kept by a call that was answered, not by a try, and not by work on paper', async () => {
    const id = await mine();
    await rm().start({ id });
    await contact(id, { missed: true });
    expect(await promises(id, 'first_call')).toMatchObject([{ state: 'running' }]);
    await rm().logContact({ id, channel: 'whatsapp', occurredAt: daysAgo(2) });
    expect(await promises(id, 'first_call')).toMatchObject([{ state: 'satisfied', endedAt: daysAgo(2) }]);
  });

  it('is kept where it was made before anybody looked at the lead, and due again once that is taken back', async () => {
    const id = await mine({ createdAt: new Date() });
    await rm().logContact({ id, channel: 'call', subject: 'Reached at once' });
    const [clock, ...others] = await promises(id, 'first_call');
    expect(others).toEqual([]);
    expect(clock).toMatchObject({ state: 'satisfied', breachedAt: null });
    await change(id, { nextFollowUpOn: inDays(3) });
    expect(await promises(id, 'first_call')).toEqual([clock]);
    await asSystem((tx) => tx.execute(sql`delete from lead_contacts where lead_id = ${id}`));
    expect(await promises(id, 'first_call')).toMatchObject([{ round: 1, state: 'running', endedAt: null }]);
  });

  it('is kept by the conversion, and void after a denial, before anybody looked at the lead', async () => {
    const [converted, denied] = [
      await mine({ createdAt: new Date() }),
      await mine({ createdAt: new Date() })
    ];
    await convert(converted);
    await rm().deny({ id: denied, reason: 'budget' });
    expect(await promises(converted, 'first_call')).toMatchObject([{ state: 'satisfied', breachedAt: null }]);
    expect(await promises(denied, 'first_call')).toEqual([]);
  });

  it('is not made up for a lead that was worked before it was promised anything', async () => {
    const id = await mine();
    await rm().logContact({ id, channel: 'call', occurredAt: daysAgo(2) });
    expect(await promises(id, 'first_call')).toEqual([]);
  });

  it('is over when the lead is denied, kept when it is converted, and due again when it is taken up again', async () => {
    const [denied, converted] = [await mine(), await mine()];
    await promises(denied, 'first_call');
    await rm().deny({ id: denied, reason: 'budget' });
    expect(await promises(denied, 'first_call')).toMatchObject([{ state: 'cancelled' }]);
    await head().reopen({ id: denied, reason: 'He called back' });
    expect(await promises(denied, 'first_call')).toMatchObject([
      { state: 'cancelled' },
      { round: 2, state: 'running' }
    ]);
    await convert(converted);
    expect(await promises(converted, 'first_call')).toMatchObject([{ state: 'satisfied' }]);
  });

  it('stays as the conversion kept it, whatever is said later, and goes back to a call that came before', async () => {
    const id = await mine({ createdAt: daysAgo(30) });
    await promises(id, 'first_call');
    const clientId = await convert(id);
    await change(id, { convertedAt: daysAgo(29.9) });
    const kept = { round: 1, state: 'satisfied', endedAt: daysAgo(29.9), breachedAt: null };
    const first = await promises(id, 'first_call');
    expect(first).toMatchObject([kept]);
    const about = { clientId, leadId: id, subject: 'SIP' };
    const call = { ...about, channel: 'call' as const, direction: 'outbound' as const };
    const { log } = callerFor(firm.rm).interactions;
    await log(call);
    expect(await promises(id, 'first_call')).toEqual(first);
    const before = await log({ ...call, occurredAt: daysAgo(29.95) });
    expect(await promises(id, 'first_call')).toMatchObject([{ ...kept, endedAt: daysAgo(29.95) }]);
    await callerFor(firm.admin).interactions.delete({ id: before.id });
    expect(await promises(id, 'first_call')).toMatchObject([kept]);
  });

  it('is not asked for where a lead arrived in progress', async () => {
    expect(await promises(await mine({ status: 'wip' }), 'first_call')).toEqual([]);
  });
});

describe('a follow-up', () => {
  it('is due when work closes on its day, moves with it and goes with it', async () => {
    const id = await mine({ nextFollowUpOn: '2030-06-12' });
    expect(await promises(id, 'follow_up')).toMatchObject([
      { state: 'running', dueAt: new Date('2030-06-12T12:30:00Z') }
    ]);
    await rm().update({ id, version: 1, nextFollowUpOn: '2030-06-14' });
    expect(await promises(id, 'follow_up')).toMatchObject([
      { round: 1, state: 'running', onDate: '2030-06-14', dueAt: new Date('2030-06-14T12:30:00Z') }
    ]);
    await rm().update({ id, version: 2, nextFollowUpOn: '' });
    expect(await promises(id, 'follow_up')).toMatchObject([{ state: 'cancelled' }]);
  });

  it('is kept by a contact, and the next one begins with its date', async () => {
    const id = await mine({ nextFollowUpOn: inDays(0) });
    await promises(id, 'follow_up');
    await contact(id, { nextFollowUpOn: inDays(5) });
    expect(await promises(id, 'follow_up')).toMatchObject([
      { round: 1, state: 'satisfied', onDate: inDays(0), breachedAt: null },
      { round: 2, state: 'running', onDate: inDays(5) }
    ]);
    await contact(id, { missed: true, nextFollowUpOn: inDays(7) });
    expect(await promises(id, 'follow_up')).toMatchObject([
      {},
      { round: 2, state: 'satisfied' },
      { round: 3, state: 'running', onDate: inDays(7) }
    ]);
  });

  it('whose day has come is over with the contact, and one ahead stays', async () => {
    const [come, ahead] = [
      await mine({ nextFollowUpOn: inDays(-1) }),
      await mine({ nextFollowUpOn: inDays(4) })
    ];
    await promises(come, 'follow_up');
    await contact(come);
    await contact(ahead);
    expect((await rm().byId({ id: come })).nextFollowUpOn).toBeNull();
    expect(await promises(come, 'follow_up')).toMatchObject([{ state: 'satisfied' }]);
    expect((await promises(ahead, 'follow_up')).at(-1)).toMatchObject({
      state: 'running',
      onDate: inDays(4)
    });
  });

  it('is set for today or later by whoever plans it', async () => {
    const id = await mine({ nextFollowUpOn: inDays(-4) });
    const refusal = { cause: { message: 'Choose today or later', details: { field: 'nextFollowUpOn' } } };
    await expect(contact(id, { nextFollowUpOn: inDays(-1) })).rejects.toMatchObject(refusal);
    const { create, update } = rm();
    await expect(update({ id, version: 1, nextFollowUpOn: inDays(-1) })).rejects.toMatchObject(refusal);
    await expect(create({ name: 'New One', nextFollowUpOn: inDays(-1) })).rejects.toMatchObject(refusal);
    await update({ id, version: 1, notes: 'Likes funds', nextFollowUpOn: inDays(-4) });
    await contact(id, { nextFollowUpOn: inDays(0) });
  });

  it('that is past, however it came there, is overdue from its day on until somebody follows up', async () => {
    const id = await mine({ nextFollowUpOn: inDays(0) });
    await promises(id, 'follow_up');
    await contact(id);
    expect(await promises(id, 'follow_up')).toMatchObject([{ state: 'satisfied' }]);
    await change(id, { nextFollowUpOn: inDays(-5) });
    for (const notes of ['Looked at once', 'And again']) {
      const [, late] = await promises(id, 'follow_up');
      expect(late).toMatchObject({ round: 2, state: 'running', onDate: inDays(-5) });
      expect(late?.dueAt?.getTime()).toBeLessThan(NOW - DAY);
      expect(late?.startedAt.getTime()).toBeLessThan(late?.dueAt?.getTime() ?? 0);
      await change(id, { notes });
    }
    await contact(id);
    expect((await promises(id, 'follow_up')).map(({ state }) => state)).toEqual(['satisfied', 'satisfied']);
    expect((await rm().byId({ id })).nextFollowUpOn).toBeNull();
  });

  it('is void when the lead is denied', async () => {
    const id = await mine({ nextFollowUpOn: inDays(3) });
    await promises(id, 'follow_up');
    await rm().deny({ id, reason: 'budget' });
    expect(await promises(id, 'follow_up')).toMatchObject([{ state: 'cancelled' }]);
  });
});

describe('the history of a lead', () => {
  it('tells who took its call up, and why', async () => {
    const id = await mine();
    await promises(id, 'first_call');
    const [call] = await callerFor(firm.rm).clocks.forSubject({ kind: 'lead', id });
    await callerFor(firm.rm).clocks.acknowledge({ id: call?.id ?? 0, reason: 'I call at noon' });
    const { history } = await rm().byId({ id });
    expect(history[0]).toMatchObject({
      title: 'took up its first call',
      newValues: { Reason: 'I call at noon' }
    });
  });
});
