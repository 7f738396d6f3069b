import { eq, sql } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { leads } from '#lib/leads/schema.server.ts';
import { asSystem } from '#lib/platform/db/transactions.server.ts';
import { callerFor } from '#lib/platform/trpc/caller.server.ts';
import {
  contact,
  convert,
  DAY,
  daysAgo,
  head,
  inDays,
  NOW,
  ourLead,
  promisesFor,
  rm
} from '../support/lead-work.ts';
import { mintLead } from '../support/records.ts';
import { firm, useTestFirm } from '../support/test-firm.ts';

useTestFirm();

const change = (id: number, values: Partial<typeof leads.$inferInsert>) =>
  asSystem((tx) => tx.update(leads).set(values).where(eq(leads.id, id)));
describe('the first call', () => {
  it('is due once somebody is to make it, within a working day from then', async () => {
    const id = await mintLead({ teamId: firm.teams.rm, createdAt: daysAgo(9) });
    expect(await promisesFor(id, 'first_call')).toEqual([]);
    await head().assign({ id, rmId: firm.rm.userId });
    const [clock, ...others] = await promisesFor(id, 'first_call');
    expect(others).toEqual([]);
    expect(clock).toMatchObject({ state: 'running', breachedAt: null });
    expect(Date.now() - (clock?.startedAt.getTime() ?? 0)).toBeLessThan(60_000);
  });

  it('goes on with the next RM, and ends where there is none', async () => {
    const id = await ourLead();
    const [before] = await promisesFor(id, 'first_call');
    await change(id, { conversionRmId: firm.rm2.userId });
    expect(await promisesFor(id, 'first_call')).toEqual([before]);
    await change(id, { conversionRmId: null });
    expect(await promisesFor(id, 'first_call')).toMatchObject([{ state: 'cancelled' }]);
  });

  it('is kept by a call that was answered, not by a try, and not by work on paper', async () => {
    const id = await ourLead();
    await rm().start({ id });
    await contact(id, { missed: true });
    expect(await promisesFor(id, 'first_call')).toMatchObject([{ state: 'running' }]);
    await rm().logContact({ id, channel: 'whatsapp', occurredAt: daysAgo(2) });
    expect(await promisesFor(id, 'first_call')).toMatchObject([{ state: 'satisfied', endedAt: daysAgo(2) }]);
  });

  it('is kept where it was made before anybody looked at the lead, and due again once that is taken back', async () => {
    const id = await ourLead({ createdAt: new Date() });
    await rm().logContact({ id, channel: 'call', subject: 'Reached at once' });
    const [clock, ...others] = await promisesFor(id, 'first_call');
    expect(others).toEqual([]);
    expect(clock).toMatchObject({ state: 'satisfied', breachedAt: null });
    await change(id, { nextFollowUpOn: inDays(3) });
    expect(await promisesFor(id, 'first_call')).toEqual([clock]);
    await asSystem((tx) => tx.execute(sql`delete from lead_contacts where lead_id = ${id}`));
    expect(await promisesFor(id, 'first_call')).toMatchObject([
      { round: 1, state: 'running', endedAt: null }
    ]);
  });

  it('is kept by the conversion, and void after a denial, before anybody looked at the lead', async () => {
    const [converted, denied] = [
      await ourLead({ createdAt: new Date() }),
      await ourLead({ createdAt: new Date() })
    ];
    await convert(converted);
    await rm().deny({ id: denied, reason: 'budget' });
    expect(await promisesFor(converted, 'first_call')).toMatchObject([
      { state: 'satisfied', breachedAt: null }
    ]);
    expect(await promisesFor(denied, 'first_call')).toEqual([]);
  });

  it('is not made up for a lead that was worked before it was promised anything', async () => {
    const id = await ourLead();
    await rm().logContact({ id, channel: 'call', occurredAt: daysAgo(2) });
    expect(await promisesFor(id, 'first_call')).toEqual([]);
  });

  it('is over when the lead is denied, kept when it is converted, and due again when it is taken up again', async () => {
    const [denied, converted] = [await ourLead(), await ourLead()];
    await promisesFor(denied, 'first_call');
    await rm().deny({ id: denied, reason: 'budget' });
    expect(await promisesFor(denied, 'first_call')).toMatchObject([{ state: 'cancelled' }]);
    await head().reopen({ id: denied, reason: 'He called back' });
    expect(await promisesFor(denied, 'first_call')).toMatchObject([
      { state: 'cancelled' },
      { round: 2, state: 'running' }
    ]);
    await convert(converted);
    expect(await promisesFor(converted, 'first_call')).toMatchObject([{ state: 'satisfied' }]);
  });

  it('stays as the conversion kept it, whatever is said later, and goes back to a call that came before', async () => {
    const id = await ourLead({ createdAt: daysAgo(30) });
    await promisesFor(id, 'first_call');
    const clientId = await convert(id);
    await change(id, { convertedAt: daysAgo(29.9) });
    const kept = { round: 1, state: 'satisfied', endedAt: daysAgo(29.9), breachedAt: null };
    const first = await promisesFor(id, 'first_call');
    expect(first).toMatchObject([kept]);
    const about = { clientId, leadId: id, subject: 'SIP' };
    const call = { ...about, channel: 'call' as const, direction: 'outbound' as const };
    const { log } = callerFor(firm.rm).interactions;
    await log(call);
    expect(await promisesFor(id, 'first_call')).toEqual(first);
    const before = await log({ ...call, occurredAt: daysAgo(29.95) });
    expect(await promisesFor(id, 'first_call')).toMatchObject([{ ...kept, endedAt: daysAgo(29.95) }]);
    await callerFor(firm.admin).interactions.delete({ id: before.id });
    expect(await promisesFor(id, 'first_call')).toMatchObject([kept]);
  });

  it('is not asked for where a lead arrived in progress', async () => {
    expect(await promisesFor(await ourLead({ status: 'wip' }), 'first_call')).toEqual([]);
  });
});

describe('a follow-up', () => {
  it('is due when work closes on its day, moves with it and goes with it', async () => {
    const id = await ourLead({ nextFollowUpOn: '2030-06-12' });
    expect(await promisesFor(id, 'follow_up')).toMatchObject([
      { state: 'running', dueAt: new Date('2030-06-12T12:30:00Z') }
    ]);
    await rm().update({ id, version: 1, nextFollowUpOn: '2030-06-14' });
    expect(await promisesFor(id, 'follow_up')).toMatchObject([
      { round: 1, state: 'running', onDate: '2030-06-14', dueAt: new Date('2030-06-14T12:30:00Z') }
    ]);
    await rm().update({ id, version: 2, nextFollowUpOn: '' });
    expect(await promisesFor(id, 'follow_up')).toMatchObject([{ state: 'cancelled' }]);
  });

  it('is kept by a contact, and the next one begins with its date', async () => {
    const id = await ourLead({ nextFollowUpOn: inDays(0) });
    await promisesFor(id, 'follow_up');
    await contact(id, { nextFollowUpOn: inDays(5) });
    expect(await promisesFor(id, 'follow_up')).toMatchObject([
      { round: 1, state: 'satisfied', onDate: inDays(0), breachedAt: null },
      { round: 2, state: 'running', onDate: inDays(5) }
    ]);
    await contact(id, { missed: true, nextFollowUpOn: inDays(7) });
    expect(await promisesFor(id, 'follow_up')).toMatchObject([
      {},
      { round: 2, state: 'satisfied' },
      { round: 3, state: 'running', onDate: inDays(7) }
    ]);
  });

  it('whose day has come is over with the contact, and one ahead stays', async () => {
    const [come, ahead] = [
      await ourLead({ nextFollowUpOn: inDays(-1) }),
      await ourLead({ nextFollowUpOn: inDays(4) })
    ];
    await promisesFor(come, 'follow_up');
    await contact(come);
    await contact(ahead);
    expect((await rm().byId({ id: come })).nextFollowUpOn).toBeNull();
    expect(await promisesFor(come, 'follow_up')).toMatchObject([{ state: 'satisfied' }]);
    expect((await promisesFor(ahead, 'follow_up')).at(-1)).toMatchObject({
      state: 'running',
      onDate: inDays(4)
    });
  });

  it('is set for today or later by whoever plans it', async () => {
    const id = await ourLead({ nextFollowUpOn: inDays(-4) });
    const refusal = { cause: { message: 'Choose today or later', details: { field: 'nextFollowUpOn' } } };
    await expect(contact(id, { nextFollowUpOn: inDays(-1) })).rejects.toMatchObject(refusal);
    const { create, update } = rm();
    await expect(update({ id, version: 1, nextFollowUpOn: inDays(-1) })).rejects.toMatchObject(refusal);
    await expect(create({ name: 'New One', nextFollowUpOn: inDays(-1) })).rejects.toMatchObject(refusal);
    await update({ id, version: 1, notes: 'Likes funds', nextFollowUpOn: inDays(-4) });
    await contact(id, { nextFollowUpOn: inDays(0) });
  });

  it('that is past, however it came there, is overdue from its day on until somebody follows up', async () => {
    const id = await ourLead({ nextFollowUpOn: inDays(0) });
    await promisesFor(id, 'follow_up');
    await contact(id);
    expect(await promisesFor(id, 'follow_up')).toMatchObject([{ state: 'satisfied' }]);
    await change(id, { nextFollowUpOn: inDays(-5) });
    for (const notes of ['Looked at once', 'And again']) {
      const [, late] = await promisesFor(id, 'follow_up');
      expect(late).toMatchObject({ round: 2, state: 'running', onDate: inDays(-5) });
      expect(late?.dueAt?.getTime()).toBeLessThan(NOW - DAY);
      expect(late?.startedAt.getTime()).toBeLessThan(late?.dueAt?.getTime() ?? 0);
      await change(id, { notes });
    }
    await contact(id);
    expect((await promisesFor(id, 'follow_up')).map(({ state }) => state)).toEqual([
      'satisfied',
      'satisfied'
    ]);
    expect((await rm().byId({ id })).nextFollowUpOn).toBeNull();
  });

  it('is void when the lead is denied', async () => {
    const id = await ourLead({ nextFollowUpOn: inDays(3) });
    await promisesFor(id, 'follow_up');
    await rm().deny({ id, reason: 'budget' });
    expect(await promisesFor(id, 'follow_up')).toMatchObject([{ state: 'cancelled' }]);
  });
});

describe('the history of a lead', () => {
  it('tells who took its call up, and why', async () => {
    const id = await ourLead();
    await promisesFor(id, 'first_call');
    const [call] = await callerFor(firm.rm).clocks.forSubject({ kind: 'lead', id });
    await callerFor(firm.rm).clocks.acknowledge({ id: call?.id ?? 0, reason: 'I call at noon' });
    const { history } = await rm().byId({ id });
    expect(history[0]).toMatchObject({
      title: 'took up its first call',
      newValues: { Reason: 'I call at noon' }
    });
  });
});
