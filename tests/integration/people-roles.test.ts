import { describe, expect, it } from 'vitest';
import { DEFAULT_ROLES } from '#lib/people/default-roles.ts';
import { grantFields } from '#lib/people/role-inputs.ts';
import type { Grants } from '#lib/platform/auth/permissions.ts';
import { callerFor } from '#lib/platform/trpc/caller.server.ts';
import { addAccount, PASSWORD } from '../support/accounts.ts';
import { Visitor } from '../support/calls.ts';
import { changed, newcomer, newRole } from '../support/people.ts';
import { mintClient, mintLead, mintQuery, mintRequest } from '../support/records.ts';
import { firm, superuser, useTestFirm } from '../support/test-firm.ts';

useTestFirm();

const REFUSED = { code: 'UNPROCESSABLE_CONTENT' };
const roles = () => callerFor(firm.admin).roles;

type Nested = Record<string, Record<string, 'own' | 'team' | 'all'>>;
function nested(grants: Grants): Nested {
  const all: Nested = {};
  for (const [permission, scope] of Object.entries(grants)) {
    const [module = '', verb = ''] = permission.split('.');
    (all[module] ??= {})[verb] = scope;
  }
  return all;
}

describe('a role', () => {
  it('takes effect at the next request of those who hold it', async () => {
    const { id } = await roles().create(newRole({ leads: { view: 'own' } }));
    const { userId, email } = await addAccount();
    await callerFor(firm.admin).people.update(await changed(firm, userId, { roleId: id }));
    const visitor = new Visitor();
    await visitor.signIn(email, PASSWORD);
    expect((await visitor.context()).actor?.grants).toEqual({ 'leads.view': 'own' });
    await roles().update({ ...newRole({ queries: { view: 'team' } }, 1), id, version: 1 });
    const { actor } = await visitor.context();
    expect(actor).toMatchObject({ level: 1, grants: { 'queries.view': 'team' } });
    await expect((await visitor.api()).leads.list({})).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });

  it('is written to the audit trail permission by permission', async () => {
    const { id } = await roles().create(newRole({ leads: { view: 'own', edit: 'own' } }));
    await roles().update({ ...newRole({ leads: { view: 'team' } }), id, version: 1 });
    const entries = await superuser`select action, old_values, new_values from audit_log
      where table_name = 'role_grants' and row_id = ${id} order by id offset 2`;
    expect([...entries]).toEqual([
      {
        action: 'delete',
        old_values: expect.objectContaining({ permission: 'leads.edit' }) as object,
        new_values: null
      },
      { action: 'update', old_values: { scope: 'own' }, new_values: { scope: 'team' } }
    ]);
  });

  it('shows the second of two editors what the first saved', async () => {
    const { id } = await roles().create(newRole());
    await roles().update({ ...newRole({ leads: { view: 'own' } }), id, version: 1 });
    const late = roles().update({ ...newRole(), id, version: 1 });
    await expect(late).rejects.toMatchObject({
      code: 'CONFLICT',
      cause: { details: { current: expect.objectContaining({ 'grants.leads.view': 'own' }) as object } }
    });
  });

  it('that comes with Rapport is reset, never deleted', async () => {
    const id = firm.roleIds.ops_executive;
    const shipped = DEFAULT_ROLES.find(({ key }) => key === 'ops_executive');
    await roles().update({ ...newRole({ leads: { view: 'own' } }), name: 'Desk', id, version: 1 });
    expect(await roles().byId({ id })).toMatchObject({ changed: true, builtIn: true });
    await expect(roles().remove({ id, version: 2 })).rejects.toMatchObject(REFUSED);
    await roles().reset({ id, version: 2 });
    expect(await roles().byId({ id })).toMatchObject({
      changed: false,
      name: 'Desk',
      grants: shipped?.grants
    });
  });

  it('in use is not deleted', async () => {
    const role = newRole();
    const { id } = await roles().create(role);
    await callerFor(firm.admin).people.create(newcomer(firm, { roleId: id }));
    await expect(roles().remove({ id, version: 1 })).rejects.toMatchObject({
      ...REFUSED,
      message: '1 person holds this role. Give them another first'
    });
    await expect(roles().create(role)).rejects.toMatchObject({ cause: { details: { field: 'name' } } });
  });

  it('can be copied from any of those shipped', async () => {
    for (const { grants, level } of DEFAULT_ROLES) {
      const { id } = await roles().create(newRole(nested(grants), level));
      expect((await roles().byId({ id })).grants).toEqual(grants);
      expect(Object.keys(grantFields(grants))).toHaveLength(Object.keys(grants).length);
    }
  });
});

describe('a preview', () => {
  it('is what that person sees, and leaves nothing behind but a mark', async () => {
    const clientId = await mintClient({ primaryRmId: firm.rm.userId });
    await mintClient({ primaryRmId: firm.otherRm.userId });
    await mintLead({ conversionRmId: firm.rm.userId });
    await mintQuery({ clientId, rmId: firm.rm.userId });
    await mintRequest({ clientId, teamId: firm.teams.ops });
    for (const actor of [firm.rm, firm.rmHead, firm.ops, firm.opsHead, firm.otherRm, firm.admin]) {
      const { sees, grants } = await roles().previewPerson({ userId: actor.userId });
      const api = callerFor(actor);
      expect(sees.clients.total).toBe((await api.clients.list({})).total);
      if (grants['leads.view']) expect(sees.leads.total).toBe((await api.leads.list({})).total);
      expect(sees.queries.total).toBe((await api.queries.list({})).total);
      expect(sees.requests.total).toBe((await api.requests.list({})).total);
      expect(grants).toEqual(actor.grants);
    }
    const marks = await superuser`select distinct row_id::int as id from audit_log
      where table_name = 'users' and action = 'preview' and actor_id = ${firm.admin.userId}`;
    expect(marks).toHaveLength(6);
  });

  it('of a role looks through somebody who is not there afterwards', async () => {
    const people = async () => (await superuser<{ n: number }[]>`select count(*)::int as n from users`)[0]?.n;
    const before = await people();
    const head = await roles().previewRole({ roleId: firm.roleIds.head, teamId: firm.teams.rm });
    expect(head.sees.clients.total).toBe((await callerFor(firm.rmHead).clients.list({})).total);
    const fresh = await roles().previewRole({ roleId: firm.roleIds.rm_executive });
    expect(fresh.sees.clients.total).toBe(0);
    const desk = await roles().previewRole({ roleId: firm.roleIds.ops_executive, teamId: firm.teams.ops });
    expect(desk.sees.requests.total).toBeGreaterThan(0);
    expect(await people()).toBe(before);
    const { headId } = await callerFor(firm.admin).teams.byId({ id: firm.teams.rm });
    expect(headId).toBe(firm.rmHead.userId);
  });

  it('gives the administrator his own eyes back', async () => {
    const { total } = await callerFor(firm.admin).clients.list({});
    await roles().previewPerson({ userId: firm.otherRm.userId });
    expect((await callerFor(firm.admin).clients.list({})).total).toBe(total);
  });

  it('is not of somebody who left', async () => {
    await expect(roles().previewPerson({ userId: firm.goneId })).rejects.toMatchObject(REFUSED);
  });
});
