import { describe, expect, it } from 'vitest';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import { callerFor } from '#lib/platform/trpc/caller.server.ts';
import { addAccount, PASSWORD } from '../support/accounts.ts';
import { Visitor } from '../support/calls.ts';
import { fresh, newcomer } from '../support/people.ts';
import { mintClient } from '../support/records.ts';
import { firm, superuser, useTestFirm } from '../support/test-firm.ts';

useTestFirm();

const as = (actor: Actor) => callerFor(actor);
const REFUSED = { code: 'UNPROCESSABLE_CONTENT' };

const auditOf = (table: string, id: number) =>
  superuser`select action, old_values, new_values, actor_id::int from audit_log
    where table_name = ${table} and row_id = ${id} order by id`;

describe('somebody who leaves', () => {
  it('hands over all he holds, is signed out at once, and comes back by signing in', async () => {
    const { userId, email } = await addAccount({
      grants: { 'clients.view': 'own', 'people.view': 'own' },
      name: 'Lena Leaving'
    });
    const clientId = await mintClient({ primaryRmId: userId });
    const visitor = new Visitor();
    await visitor.signIn(email, PASSWORD);
    const { version } = await as(firm.admin).people.byId({ id: userId });
    expect(await as(firm.admin).people.work({ id: userId })).toMatchObject({ clients: 1, leads: 0 });

    const deactivate = (toIds: number[]) =>
      as(firm.admin).handover.deactivate({ id: userId, version, toIds });
    await expect(deactivate([])).rejects.toMatchObject(REFUSED);
    await deactivate([firm.rm.userId]);
    expect(await visitor.isSignedIn()).toBe(false);
    await expect(new Visitor().signIn(email, PASSWORD)).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
    expect(await as(firm.rm).clients.byId({ id: clientId })).toMatchObject({ id: clientId });

    await as(firm.admin).people.reactivate({ id: userId, version: version + 1 });
    expect(await visitor.isSignedIn()).toBe(false);
    await new Visitor().signIn(email, PASSWORD);
  });

  it('is nobody’s substitute any more, and his teams get another head', async () => {
    const api = as(firm.admin);
    const { id } = await api.people.create(newcomer(firm, { roleId: firm.roleIds.head, teamIds: [] }));
    const team = await api.teams.create({
      ...{ name: `West ${fresh()}`, function: 'rm', region: null },
      headId: id
    });
    await superuser`update users set substitute_id = ${id} where id = ${firm.ops.userId}`;
    const { version } = await api.people.byId({ id });
    const input = { id, version, toIds: [] };
    await expect(api.handover.deactivate(input)).rejects.toMatchObject(REFUSED);
    await expect(api.handover.deactivate({ ...input, headId: firm.rm.userId })).rejects.toMatchObject(
      REFUSED
    );
    await api.handover.deactivate({ ...input, headId: firm.otherHead.userId });
    expect(await api.teams.byId({ id: team.id })).toMatchObject({ headId: firm.otherHead.userId });
    expect(await api.people.byId({ id: firm.ops.userId })).toMatchObject({ substituteId: null });
  });
});

describe('teams', () => {
  const team = (more: object = {}) => ({
    ...{ name: `Team ${fresh()}`, function: 'rm' as const, headId: null, region: null },
    ...more
  });

  it('a member leaves with his main team, and the head stays', async () => {
    const api = as(firm.admin);
    const { id } = await api.teams.create(team({ headId: firm.otherHead.userId }));
    const { id: userId } = await api.people.create(newcomer(firm, { teamIds: [id] }));
    await expect(api.teams.removeMember({ teamId: id, userId: firm.otherHead.userId })).rejects.toMatchObject(
      REFUSED
    );
    await api.teams.removeMember({ teamId: id, userId });
    expect(await api.people.byId({ id: userId })).toMatchObject({ mainTeamId: null, teamIds: [] });
    await api.teams.addMember({ teamId: id, userId });
    expect(await api.people.byId({ id: userId })).toMatchObject({ mainTeamId: id });
  });

  it('with members or work are not deleted, and say what there is', async () => {
    const { version } = await as(firm.admin).teams.byId({ id: firm.teams.rm });
    const removal = as(firm.admin).teams.remove({ id: firm.teams.rm, version });
    await expect(removal).rejects.toMatchObject({
      ...REFUSED,
      message: expect.stringMatching(/North still has \d+ members/) as string
    });
    const { id } = await as(firm.admin).teams.create(team());
    await as(firm.admin).teams.remove({ id, version: 1 });
    await expect(as(firm.admin).teams.byId({ id })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect((await auditOf('teams', id)).map(({ action }) => action as string)).toEqual(['insert', 'delete']);
  });

  it('take a head who can be one, and a name of their own', async () => {
    const { create } = as(firm.admin).teams;
    await expect(create(team({ headId: firm.rm.userId }))).rejects.toMatchObject(REFUSED);
    await expect(create(team({ name: 'North' }))).rejects.toMatchObject({
      cause: { details: { field: 'name' } }
    });
  });
});
