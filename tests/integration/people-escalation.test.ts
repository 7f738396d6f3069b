import { beforeAll, describe, expect, it } from 'vitest';
import postgres from 'postgres';
import { DECISIONS } from '#lib/people/administrators.server.ts';
import { actorOf } from '#lib/platform/auth/actor.server.ts';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import { callerFor } from '#lib/platform/trpc/caller.server.ts';
import { changed, fresh, mintKeeper, newcomer, newRole } from '../support/people.ts';
import { database, firm, superuser, useTestFirm } from '../support/test-firm.ts';
import { until } from '../support/until.ts';

useTestFirm();

let keeper: Actor;

beforeAll(async () => {
  keeper = await mintKeeper();
});

const as = (actor: Actor) => callerFor(actor);
const FORBIDDEN = { code: 'FORBIDDEN' };
const REFUSED = { code: 'UNPROCESSABLE_CONTENT' };

describe('nobody raises himself or others beyond what he holds', () => {
  const roleWithin = async () =>
    (await as(firm.admin).roles.create(newRole({ leads: { view: 'own' }, people: { view: 'own' } }))).id;

  it('a keeper of users gives roles within his own, and no other', async () => {
    const { id } = await as(keeper).people.create(
      newcomer(firm, { roleId: await roleWithin(), teamIds: [] })
    );
    expect(await as(firm.admin).people.byId({ id })).toMatchObject({ level: 2 });
    for (const roleId of [firm.roleIds.administrator, firm.roleIds.head, firm.roleIds.rm_executive])
      await expect(as(keeper).people.create(newcomer(firm, { roleId }))).rejects.toMatchObject(FORBIDDEN);
    const raised = as(keeper).people.update(await changed(firm, id, { roleId: firm.roleIds.administrator }));
    await expect(raised).rejects.toMatchObject(FORBIDDEN);
  });

  it('nor takes over the account of somebody who may do more', async () => {
    const id = firm.admin.userId;
    const mine = await changed(firm, id, { email: 'mine@firm.test' });
    const attempts = [
      () => as(keeper).people.update(mine),
      () => as(keeper).people.resetPassword({ id }),
      () => as(keeper).people.invite({ id }),
      () => as(keeper).people.endSessions({ id }),
      () => as(keeper).people.withdrawInvitation({ id }),
      () =>
        as(keeper).people.updateProfile({
          ...{ id, version: 1, phone: null, extension: null },
          ...{ timeZone: null, language: 'en', digestAt: '08:30', digest: true, weeklyDigest: true }
        })
    ];
    for (const attempt of attempts) await expect(attempt()).rejects.toMatchObject(FORBIDDEN);
  });

  it('nor changes what he may do himself', async () => {
    const roleId = await roleWithin();
    const lowered = as(keeper).people.update(await changed(firm, keeper.userId, { roleId }));
    await expect(lowered).rejects.toMatchObject(FORBIDDEN);
    const seeing = as(keeper).people.update(await changed(firm, keeper.userId, { assessment: true }));
    await expect(seeing).rejects.toMatchObject(FORBIDDEN);
    const teams = as(keeper).people.update(await changed(firm, keeper.userId, { teamIds: [firm.teams.rm] }));
    await expect(teams).rejects.toMatchObject(FORBIDDEN);
    const joined = as(keeper).teams.addMember({ teamId: firm.teams.rm, userId: keeper.userId });
    await expect(joined).rejects.toMatchObject(FORBIDDEN);
    const headed = as(keeper).teams.create({
      ...{ name: `Mine ${fresh()}`, function: 'rm', region: null },
      headId: keeper.userId
    });
    await expect(headed).rejects.toMatchObject(FORBIDDEN);
    const { roleId: own } = await as(firm.admin).people.byId({ id: keeper.userId });
    const role = await as(firm.admin).roles.byId({ id: own });
    const widened = as(keeper).roles.update({ ...newRole({}, 1), id: own, version: role.version });
    await expect(widened).rejects.toMatchObject(FORBIDDEN);
  });

  it('nor the capability he lacks', async () => {
    const roleId = await roleWithin();
    const input = newcomer(firm, { roleId, teamIds: [], assessment: true });
    await expect(as(keeper).people.create(input)).rejects.toMatchObject(FORBIDDEN);
  });

  it('nor makes or widens a role beyond his own', async () => {
    const made = as(keeper).roles.create(newRole({ leads: { delete: 'own' } }));
    await expect(made).rejects.toMatchObject(FORBIDDEN);
    const wider = as(keeper).roles.create(newRole({ leads: { view: 'all' } }));
    await expect(wider).rejects.toMatchObject(FORBIDDEN);
    const higher = as(keeper).roles.create(newRole({}, 0));
    await expect(higher).rejects.toMatchObject(FORBIDDEN);
    const { id } = await as(keeper).roles.create(newRole({ leads: { view: 'own' } }));
    const input = { ...newRole({ clients: { view: 'own' } }), id, version: 1 };
    await expect(as(keeper).roles.update(input)).rejects.toMatchObject(FORBIDDEN);
    await expect(as(keeper).roles.previewPerson({ userId: firm.admin.userId })).rejects.toMatchObject(
      FORBIDDEN
    );
  });

  it('and the database says so too, with the procedures out of the way', async () => {
    const { id: roleId } = await as(keeper).roles.create(newRole());
    const under = (text: string) =>
      superuser.begin(async (sql) => {
        await sql`select set_config('app.user_id', ${String(keeper.userId)}, true)`;
        await sql.unsafe('set local role rapport_scoped');
        return (await sql.unsafe(text)).count;
      });
    const refused = /row-level security|permission denied|beyond what|nobody makes himself|addresses are set/;
    const { administrator } = firm.roleIds;
    await expect(under(`insert into users (name, role_id) values ('x', ${administrator})`)).rejects.toThrow(
      refused
    );
    await expect(
      under(`update users set role_id = ${administrator} where id = ${keeper.userId}`)
    ).rejects.toThrow(refused);
    const grant = `insert into role_grants (role_id, permission, scope) values`;
    await expect(under(`${grant} (${roleId}, 'clients.delete', 'all')`)).rejects.toThrow(refused);
    await expect(
      under(`${grant} ((select role_id from users where id = ${keeper.userId}), 'leads.view', 'own')`)
    ).rejects.toThrow(refused);
    await expect(
      under(`update teams set head_id = ${keeper.userId} where id = ${firm.teams.rm}`)
    ).rejects.toThrow(refused);
    await expect(
      under(`insert into team_members values (${firm.teams.rm}, ${keeper.userId})`)
    ).rejects.toThrow(refused);
    expect(await under(`update users set active = false where id = ${firm.admin.userId}`)).toBe(0);
    expect(await under(`update user_profiles set email_key = 'x' where user_id = ${firm.admin.userId}`)).toBe(
      0
    );
    expect(
      await under(`update accounts set links_valid_from = now() where user_id = ${firm.admin.userId}`)
    ).toBe(0);
    expect(await under(`${grant} (${roleId}, 'leads.view', 'team')`)).toBe(1);
  });

  it('heads change no role and no address of their people', async () => {
    const under = (text: string) =>
      superuser.begin(async (sql) => {
        await sql`select set_config('app.user_id', ${String(firm.rmHead.userId)}, true)`;
        await sql.unsafe('set local role rapport_scoped');
        return (await sql.unsafe(text)).count;
      });
    const { rm } = firm;
    await expect(
      under(`update users set role_id = ${firm.roleIds.head} where id = ${rm.userId}`)
    ).rejects.toThrow(/beyond/);
    await expect(under(`update users set active = false where id = ${rm.userId}`)).rejects.toThrow(/beyond/);
    await expect(under(`update user_profiles set email = 'x' where user_id = ${rm.userId}`)).rejects.toThrow(
      /addresses/
    );
    expect(await under(`update users set leave_from = null where id = ${rm.userId}`)).toBe(1);
  });
});

describe('the last administrator', () => {
  it('stays: nobody deactivates or lowers himself', async () => {
    const { version } = await as(firm.admin).people.byId({ id: firm.admin.userId });
    const left = as(firm.admin).handover.deactivate({ id: firm.admin.userId, version, toIds: [] });
    await expect(left).rejects.toMatchObject(REFUSED);
    const lowered = as(firm.admin).people.update(
      await changed(firm, firm.admin.userId, { roleId: firm.roleIds.head })
    );
    await expect(lowered).rejects.toMatchObject(FORBIDDEN);
  });

  it('of two who lower each other at the same moment one is left', async () => {
    const { id } = await as(firm.admin).people.create(
      newcomer(firm, { roleId: firm.roleIds.administrator, teamIds: [] })
    );
    const second = await actorOf(id);
    const { rm_executive: roleId } = firm.roleIds;
    const lowerFirst = await changed(firm, firm.admin.userId, { roleId });
    // What the first does takes until the second waits for it; then the second looks again at what he may do.
    const first = postgres(database.superuserUrl, { max: 1, onnotice: () => undefined });
    const { late } = await first.begin(async (sql) => {
      await sql`select pg_advisory_xact_lock(${DECISIONS}::bigint)`;
      await sql`update users set role_id = ${roleId} where id = ${id}`;
      const attempt = as(second).people.update(lowerFirst);
      await until(async () => {
        const waiting = await superuser`select 1 from pg_stat_activity
          where datname = ${database.name} and wait_event = 'advisory'`;
        return waiting.length > 0;
      });
      return { late: Promise.allSettled([attempt]) };
    });
    await first.end();
    expect(await late).toMatchObject([{ status: 'rejected', reason: FORBIDDEN }]);
    expect(await as(firm.admin).people.byId({ id: firm.admin.userId })).toMatchObject({ level: 0 });
  });

  it('keeps what makes him one', async () => {
    const role = await as(firm.admin).roles.byId({ id: firm.roleIds.administrator });
    const grants = { admin: { users: 'all' as const } };
    const update = { id: role.id, version: role.version, name: role.name, level: 0, grants };
    await expect(as(firm.admin).roles.update(update)).rejects.toMatchObject({
      ...REFUSED,
      message: expect.stringContaining('Nobody would be left') as string
    });
  });
});
