import { sql } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { actorOf } from '#lib/platform/auth/actor.server.ts';
import { asActor } from '#lib/platform/db/transactions.server.ts';
import { callerFor } from '#lib/platform/trpc/caller.server.ts';
import { addAccount } from '../support/accounts.ts';
import { addCalendar } from '../support/calendars.ts';
import {
  again,
  api,
  finishRecomputes,
  newPolicy,
  step,
  target,
  usePolicyForms
} from '../support/policy-forms.ts';
import { mintClient, mintRequestType } from '../support/records.ts';
import { firm, useTestFirm } from '../support/test-firm.ts';

useTestFirm();
usePolicyForms();

describe('deleting', () => {
  it('a policy is possible until a clock ran under it', async () => {
    const unused = await newPolicy({ clientTag: 'unused' });
    await api().remove({ id: unused.id, version: 1 });
    await expect(api().byId({ id: unused.id })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const type = await mintRequestType();
    const policy = await newPolicy({ requestTypeId: type });
    const clientId = await mintClient({ primaryRmId: firm.rm.userId });
    await callerFor(firm.rm).requests.open({ clientId, typeId: type });
    await expect(api().remove({ id: policy.id, version: 1 })).rejects.toThrow(
      /Clocks ran under Policy \d+, so it stays\. Take it out of use instead/
    );
  });

  it('is refused up front where clocks went over to another policy and are explained by it', async () => {
    const { id: before } = await newPolicy({ requestTypeId: await mintRequestType() });
    const type = await mintRequestType();
    const policy = await newPolicy({ requestTypeId: type });
    const clientId = await mintClient({ primaryRmId: firm.rm.userId });
    for (const _ of [1, 2]) await callerFor(firm.rm).requests.open({ clientId, typeId: type });
    await api().update(again(policy, { targets: [target({ amount: 9 })] }));
    await finishRecomputes();
    await api().setActive({ id: policy.id, version: 2, active: false });
    await finishRecomputes();
    const used = await api().byId({ id: policy.id });
    expect(used).toMatchObject({ running: 0, clocks: 2 });
    expect((await api().byId({ id: before })).clocks).toBe(0);
    const grants = { 'admin.policies': 'all', 'clients.view': 'own' } as const;
    const keeper = await actorOf((await addAccount({ level: 1, grants, name: 'Kavi Keeper' })).userId);
    expect(await callerFor(keeper).policies.byId({ id: policy.id })).toMatchObject({ clocks: 2 });
    const { clocks } = await asActor(firm.rm, async (tx) => {
      const [row] = await tx.execute<{ clocks: number }>(
        sql`select app.clocks_under(${policy.id})::int as clocks`
      );
      return row ?? { clocks: null };
    });
    expect(clocks).toBe(0);
    await expect(api().remove({ id: policy.id, version: used.version })).rejects.toThrow(/so it stays/);
  });

  it('a calendar is refused up front where earlier versions counted in it', async () => {
    const { id: calendarId } = await addCalendar(firm.admin);
    const { calendars } = callerFor(firm.admin);
    expect(await calendars.byId({ id: calendarId })).toMatchObject({ policies: [], earlier: 0 });
    const policy = await newPolicy({ calendarId });
    expect(await calendars.byId({ id: calendarId })).toMatchObject({
      policies: [{ id: policy.id }],
      earlier: 0
    });
    await api().update(again(policy, { calendarId: (await addCalendar(firm.admin)).id }));
    const { version, ...left } = await calendars.byId({ id: calendarId });
    expect(left).toMatchObject({ policies: [], earlier: 1 });
    await expect(calendars.remove({ id: calendarId, version })).rejects.toThrow(/so it stays/);
  });

  it('a team that a policy is for is refused, and the policy named', async () => {
    const teams = callerFor(firm.admin).teams;
    const { id } = await teams.create({ name: 'Small team', function: 'ops', headId: null, region: null });
    const policy = await newPolicy({ teamId: id });
    const { version } = await teams.byId({ id });
    await expect(teams.remove({ id, version })).rejects.toThrow(new RegExp(`“${policy.name}”`));
  });

  it('somebody whom a ladder names is said before he is deactivated', async () => {
    const policy = await newPolicy({ steps: [step({ tell: 'user', tellUserId: firm.rm2.userId })] });
    expect((await callerFor(firm.admin).people.work({ id: firm.rm2.userId })).ladders).toContainEqual({
      id: policy.id,
      name: policy.name
    });
  });
});
