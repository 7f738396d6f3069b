import { describe, expect, it } from 'vitest';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import { callerFor } from '#lib/platform/trpc/caller.server.ts';
import { addAccount, PASSWORD } from '../support/accounts.ts';
import { Visitor } from '../support/calls.ts';
import { changed, fresh, newcomer } from '../support/people.ts';
import { firm, superuser, useTestFirm } from '../support/test-firm.ts';

useTestFirm();

const as = (actor: Actor) => callerFor(actor);
const FORBIDDEN = { code: 'FORBIDDEN' };
const REFUSED = { code: 'UNPROCESSABLE_CONTENT' };

const today = new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Kolkata' });
const firmDay = (ahead: number) => today.format(Date.now() + ahead * 86_400_000);

const auditOf = (table: string, id: number) =>
  superuser`select action, old_values, new_values, actor_id::int from audit_log
    where table_name = ${table} and row_id = ${id} order by id`;

describe('adding a colleague', () => {
  it('gives him role, teams and a mail on its way', async () => {
    const input = newcomer(firm, { assessment: true });
    const { id } = await as(firm.admin).people.create(input);
    expect(await as(firm.admin).people.byId({ id })).toMatchObject({
      name: 'Nina New',
      email: input.email,
      role: 'Relationship manager',
      mainTeamId: firm.teams.rm,
      teamIds: [firm.teams.rm],
      assessment: true,
      active: true,
      account: { passwordSetAt: null, invitationExpiresAt: null }
    });
    const mails = await superuser`select * from mail_outbox where user_id = ${id}`;
    expect(mails).toHaveLength(1);
    expect(mails[0]).toMatchObject({ kind: 'invitation', to_address: input.email, state: 'pending' });
    expect((await auditOf('users', id))[0]).toMatchObject({ action: 'insert', actor_id: firm.admin.userId });
  });

  it('refuses an address somebody has, in whatever case', async () => {
    const input = newcomer(firm);
    await as(firm.admin).people.create(input);
    const again = as(firm.admin).people.create({ ...input, email: input.email.toUpperCase() });
    await expect(again).rejects.toMatchObject({ ...REFUSED, cause: { details: { field: 'email' } } });
  });

  it('refuses a main team that is none of his', async () => {
    const input = newcomer(firm, { mainTeamId: firm.teams.ops });
    await expect(as(firm.admin).people.create(input)).rejects.toMatchObject(REFUSED);
  });
});

describe('changing a colleague', () => {
  it('shows the second of two editors what the first saved', async () => {
    const { id } = await as(firm.admin).people.create(newcomer(firm));
    const mine = await changed(firm, id, { extension: '204' });
    await as(firm.admin).people.update(await changed(firm, id, { name: 'Nina Newer' }));
    const late = as(firm.admin).people.update(mine);
    await expect(late).rejects.toMatchObject({
      code: 'CONFLICT',
      cause: { details: { current: { name: 'Nina Newer', extension: null } } }
    });
  });

  it('tells the former address of a new one', async () => {
    const { userId, email } = await addAccount();
    const moved = `moved${fresh()}@firm.test`;
    await as(firm.admin).people.update(await changed(firm, userId, { email: moved }));
    const mails = await superuser`select to_address, text from mail_outbox where user_id = ${userId}`;
    expect(mails).toHaveLength(1);
    expect(mails[0]).toMatchObject({ to_address: email });
    expect(mails[0]?.text).toContain(moved);
    await new Visitor().signIn(moved, PASSWORD);
  });

  it('takes effect at the next request', async () => {
    const { userId, email } = await addAccount({ grants: { 'leads.view': 'own' } });
    const visitor = new Visitor();
    await visitor.signIn(email, PASSWORD);
    await expect((await visitor.api()).queries.list({})).rejects.toMatchObject(FORBIDDEN);
    await as(firm.admin).people.update(await changed(firm, userId, { roleId: firm.roleIds.head }));
    expect((await visitor.context()).actor).toMatchObject({ level: 1 });
    expect((await (await visitor.api()).queries.list({})).total).toBe(0);
  });

  it('leaves a team its head', async () => {
    const { id } = await as(firm.admin).people.create(newcomer(firm, { roleId: firm.roleIds.head }));
    const team = { name: `East ${fresh()}`, function: 'rm' as const, headId: id, region: null };
    await as(firm.admin).teams.create(team);
    const lowered = as(firm.admin).people.update(
      await changed(firm, id, { roleId: firm.roleIds.rm_executive })
    );
    await expect(lowered).rejects.toMatchObject({
      ...REFUSED,
      message: `Choose another head of ${team.name} first`
    });
  });
});

describe('leave', () => {
  const leave = (actor: Actor, id: number, more: object = {}) =>
    as(firm.admin)
      .people.byId({ id })
      .then(({ version }) =>
        as(actor).people.setLeave({
          ...{ id, version, leaveFrom: '2099-01-04', leaveTo: '2099-01-08', substituteId: null },
          ...more
        })
      );

  it('is set by oneself, one’s head and administrators', async () => {
    const substituteId = firm.rm2.userId;
    await leave(firm.rm, firm.rm.userId, { substituteId });
    await leave(firm.rmHead, firm.rm.userId, { leaveTo: '2099-01-09', substituteId });
    await leave(firm.admin, firm.rm.userId, { leaveTo: '2099-01-10', substituteId });
    expect(await as(firm.rm).people.me()).toMatchObject({
      leaveFrom: '2099-01-04',
      leaveTo: '2099-01-10',
      substituteName: 'Rita Second'
    });
    await expect(leave(firm.rm2, firm.rm.userId)).rejects.toMatchObject(FORBIDDEN);
    await expect(leave(firm.otherHead, firm.rm.userId)).rejects.toMatchObject(FORBIDDEN);
  });

  it('takes a substitute who is somebody else, active, and there', async () => {
    await leave(firm.rm2, firm.rm2.userId, { leaveFrom: '2099-01-01', leaveTo: '2099-01-31' });
    for (const substituteId of [firm.rm.userId, firm.goneId, firm.rm2.userId])
      await expect(leave(firm.rm, firm.rm.userId, { substituteId })).rejects.toMatchObject(REFUSED);
    await leave(firm.rm, firm.rm.userId, { leaveTo: '2099-02-02', substituteId: firm.rm2.userId });
    await leave(firm.rm, firm.rm.userId, { leaveFrom: null, leaveTo: null });
    expect(await as(firm.rm).people.me()).toMatchObject({ leaveFrom: null, substituteId: null });
  });

  it('is not over already, and no longer than a year', async () => {
    const refused = (more: object) =>
      expect(leave(firm.rm, firm.rm.userId, more)).rejects.toMatchObject({
        ...REFUSED,
        cause: { details: { field: 'leaveTo' } }
      });
    await refused({ leaveFrom: '2020-01-01', leaveTo: '2020-01-02' });
    await refused({ leaveFrom: firmDay(-3), leaveTo: firmDay(-1) });
    await refused({ leaveFrom: firmDay(0), leaveTo: firmDay(366) });
    for (const kept of [
      { leaveFrom: firmDay(-3), leaveTo: firmDay(0) },
      { leaveFrom: firmDay(0), leaveTo: firmDay(365) },
      { leaveFrom: null, leaveTo: null }
    ]) {
      await leave(firm.rm, firm.rm.userId, kept);
      expect(await as(firm.rm).people.me()).toMatchObject(kept);
    }
  });

  it('that is over may keep its days while its substitute changes', async () => {
    const kept = { leaveFrom: '2020-01-01', leaveTo: '2020-01-02' };
    await superuser`update users set leave_from = ${kept.leaveFrom}, leave_to = ${kept.leaveTo}
      where id = ${firm.rm.userId}`;
    await leave(firm.rm, firm.rm.userId, { ...kept, substituteId: firm.rm2.userId });
    expect(await as(firm.rm).people.me()).toMatchObject({ ...kept, substituteName: 'Rita Second' });
    await leave(firm.rm, firm.rm.userId, { leaveFrom: null, leaveTo: null });
  });

  it('has both days or none, in order', async () => {
    for (const more of [
      { leaveTo: null },
      { leaveFrom: null },
      { leaveTo: '2099-01-01' },
      { leaveFrom: '2099-02-30' }
    ])
      await expect(leave(firm.rm, firm.rm.userId, more)).rejects.toMatchObject({ code: 'BAD_REQUEST' });
  });
});
