import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { closeDatabase } from '#lib/platform/db/transactions.server.ts';
import { callerFor } from '#lib/platform/trpc/caller.server.ts';
import { useTestDatabase, type TestDatabase } from '../support/database.ts';
import { makeFirm, type TestFirm } from '../support/firm.ts';
import { mintClient, mintLead } from '../support/records.ts';

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

describe('a lead', () => {
  it('waits with the main team of the executive who enters it until a head assigns it', async () => {
    const api = callerFor(firm.rm);
    const { id, status } = await api.leads.create({
      name: 'Asha Rao',
      email: 'ASHA@rao.test',
      phone: '98450 12345'
    });
    expect(status).toBe('new');
    expect(await api.leads.byId({ id })).toMatchObject({
      rm: null,
      obtainedBy: { id: firm.rm.userId },
      team: { id: firm.teams.rm },
      can: { edit: false, assign: false, convert: false, deny: false }
    });
    await expect(api.leads.update({ id, version: 1, notes: 'mine?' })).rejects.toMatchObject({
      code: 'FORBIDDEN'
    });

    const head = callerFor(firm.rmHead);
    const [assigned] = await head.leads.assign({ id, rmId: firm.rm2.userId });
    expect(assigned).toMatchObject({ status: 'wip', version: 2 });
    const told = await callerFor(firm.rm2).notifications.list({});
    expect(told.items[0]).toMatchObject({ kind: 'assigned', page: `/leads/${id}` });
    expect((await callerFor(firm.rm).leads.byId({ id })).can.edit).toBe(false);
    expect((await callerFor(firm.rm2).leads.byId({ id })).can).toMatchObject({ edit: true, reopen: false });
    await expect(callerFor(firm.otherHead).leads.byId({ id })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('is assigned in bulk to people of the head’s own teams only', async () => {
    const ids = [await mintLead({ teamId: firm.teams.rm }), await mintLead({ teamId: firm.teams.rm })];
    const head = callerFor(firm.rmHead);
    await expect(head.leads.assign({ ids, rmId: firm.otherRm.userId })).rejects.toMatchObject({
      code: 'FORBIDDEN'
    });
    expect(await head.leads.assign({ ids, rmId: firm.rm.userId })).toHaveLength(2);
    const foreign = await mintLead({ teamId: firm.teams.other });
    await expect(head.leads.assign({ ids: [...ids, foreign], rmId: firm.rm2.userId })).rejects.toMatchObject({
      code: 'NOT_FOUND'
    });
    expect((await head.leads.byId({ id: ids[0] ?? 0 })).rm?.id).toBe(firm.rm.userId);
  });

  it('begins with the first change its RM makes, and shows both versions to the second of two', async () => {
    const id = await mintLead({ conversionRmId: firm.rm.userId });
    const api = callerFor(firm.rm);
    expect(
      await api.leads.update({ id, version: 1, notes: 'Called', nextFollowUpOn: '2030-12-02' })
    ).toMatchObject({
      status: 'wip'
    });
    await expect(
      callerFor(firm.rmHead).leads.update({ id, version: 1, notes: 'Other' })
    ).rejects.toMatchObject({
      code: 'CONFLICT',
      cause: { details: { current: { notes: 'Called', version: 2 } } }
    });
  });

  it('is denied with a reason of the list and reopened by a head', async () => {
    const id = await mintLead({ conversionRmId: firm.rm.userId, status: 'wip' });
    const api = callerFor(firm.rm);
    await expect(api.leads.deny({ id, reason: 'made_up' })).rejects.toThrow(/not on the list/);
    await api.leads.deny({ id, reason: 'budget', note: 'Next year' });
    await expect(api.leads.update({ id, version: 2, notes: 'x' })).rejects.toThrow(
      /is denied.*Possible now: nothing/
    );
    await expect(api.leads.reopen({ id, reason: 'Budget came' })).rejects.toMatchObject({
      code: 'FORBIDDEN'
    });
    const head = callerFor(firm.rmHead);
    expect(await head.leads.byId({ id })).toMatchObject({
      denialReasonLabel: 'No budget',
      can: { reopen: true }
    });
    expect(await head.leads.reopen({ id, reason: 'Budget came' })).toMatchObject({ status: 'wip' });
    expect(await head.leads.byId({ id })).toMatchObject({
      denialReason: null,
      notes: 'Reopened: Budget came'
    });
  });

  it('does not accept a giver the actor does not see, and does not tell of one', async () => {
    const giver = await mintClient({ primaryRmId: firm.otherRm.userId });
    await expect(
      callerFor(firm.rm).leads.create({ name: 'Given', givenByClientId: giver })
    ).rejects.toMatchObject({ code: 'NOT_FOUND', message: 'Not found' });
    const id = await mintLead({ conversionRmId: firm.rm.userId, givenByClientId: giver });
    expect(await callerFor(firm.rm).leads.byId({ id })).toMatchObject({
      givenByClient: null,
      givenByClientId: null
    });
  });

  it('keeps addresses in the form they are compared in and refuses what is none', async () => {
    const api = callerFor(firm.rm);
    await expect(api.leads.create({ name: 'A', phone: 'nope' })).rejects.toThrow(/ten digits/);
    await expect(api.leads.create({ name: 'A', email: 'nope' })).rejects.toThrow(/name@example/);
    await expect(api.leads.create({ name: 'A', expectedValue: '12,5' })).rejects.toMatchObject({
      code: 'BAD_REQUEST'
    });
    await expect(api.leads.create({ name: 'A', conversionRmId: firm.rm.userId })).rejects.toMatchObject({
      code: 'FORBIDDEN'
    });
  });
});

describe('the list of leads', () => {
  it('filters, sorts and pages what each person sees', async () => {
    const rmId = firm.otherRm.userId;
    const values = ['300.00', null, '100.00', '200.00', null];
    const ids: number[] = [];
    for (const [index, expectedValue] of values.entries()) {
      ids.push(
        await mintLead({
          name: `Sorted ${index}`,
          conversionRmId: rmId,
          expectedValue,
          createdAt: new Date(Date.UTC(2026, 5, 10 + index)),
          status: index % 2 ? 'wip' : 'new',
          mode: 'call'
        })
      );
    }
    const api = callerFor(firm.otherRm);
    const walk = async (input: Parameters<typeof api.leads.list>[0]) => {
      const seen: number[] = [];
      let cursor: string | undefined;
      do {
        const page = await api.leads.list({ ...input, limit: 2, cursor });
        seen.push(...page.items.map(({ id }) => ids.indexOf(id)));
        cursor = page.nextCursor ?? undefined;
      } while (cursor);
      return seen;
    };
    expect(await walk({})).toEqual([4, 3, 2, 1, 0]);
    expect(await walk({ sort: { by: 'value' } })).toEqual([0, 3, 2, 4, 1]);
    expect(await walk({ sort: { by: 'value', direction: 'asc' } })).toEqual([2, 3, 0, 1, 4]);
    expect(await walk({ sort: { by: 'name' } })).toEqual([0, 1, 2, 3, 4]);
    expect(await walk({ filter: { status: ['wip'] } })).toEqual([3, 1]);
    expect(await walk({ filter: { q: 'sorted 2' } })).toEqual([2]);
    expect(await walk({ filter: { from: '2026-06-11', to: '2026-06-12' } })).toEqual([2, 1]);
    expect(await walk({ filter: { teamId: firm.teams.rm } })).toEqual([]);
    expect(await walk({ filter: { teamId: firm.teams.other, mode: 'call', mine: true } })).toHaveLength(5);
    expect((await callerFor(firm.rm).leads.list({ filter: { rmId } })).total).toBe(0);
    expect((await callerFor(firm.otherHead).leads.list({ filter: { rmId } })).total).toBe(5);
    expect((await callerFor(firm.admin).leads.list({ filter: { rmId } })).total).toBe(5);
  });
});
