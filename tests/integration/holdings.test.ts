import { describe, expect, it } from 'vitest';
import { eq, sql } from 'drizzle-orm';
import { roleGrants, roles } from '#lib/people/schema.server.ts';
import { actorOf } from '#lib/platform/auth/actor.server.ts';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import { asActor, asSystem } from '#lib/platform/db/transactions.server.ts';
import { callerFor } from '#lib/platform/trpc/caller.server.ts';
import { mintClient, mintHolding, mintRequest } from '../support/records.ts';
import { firm, useTestFirm } from '../support/test-firm.ts';

useTestFirm();

describe('a holding', () => {
  it('keeps the product’s name as it was, and money to the paisa', async () => {
    const clientId = await mintClient({ primaryRmId: firm.rm.userId });
    const api = callerFor(firm.rm).holdings;
    const { id } = await api.add({
      clientId,
      productId: firm.productId,
      folio: '123/45',
      mode: 'sip',
      amount: '10000000000000.01',
      units: '12.345678',
      startedOn: '2026-11-01'
    });
    const admin = callerFor(firm.admin).catalogue;
    const product = await admin.byId({ id: firm.productId });
    await admin.update({ id: product.id, version: product.version, name: 'Renamed Fund' });
    expect(await api.list({ clientId })).toMatchObject({
      items: [
        {
          id,
          productName: 'Balanced Fund',
          amount: '10000000000000.01',
          units: '12.345678',
          startedOn: '2026-11-01',
          client: { id: clientId }
        }
      ],
      total: 1,
      nextCursor: null
    });
    expect((await callerFor(firm.rm).clients.byId({ id: clientId })).holdings).toMatchObject([{ id }]);
  });

  it('may be an owned item that no catalogue knows, but not nothing', async () => {
    const clientId = await mintClient({ primaryRmId: firm.rm.userId });
    const api = callerFor(firm.rm).holdings;
    await expect(api.add({ clientId })).rejects.toThrow(/Name the product/);
    await expect(api.add({ clientId, productId: 999_999 })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    for (const amount of ['ten', '-1', '1.234', '1e5', '9'.repeat(15)])
      await expect(api.add({ clientId, productName: 'Pump', amount })).rejects.toMatchObject({
        code: 'BAD_REQUEST'
      });
    await expect(api.add({ clientId, productName: 'Pump', startedOn: '2026-02-30' })).rejects.toMatchObject({
      code: 'BAD_REQUEST'
    });
    await api.add({ clientId, kind: 'owned', productName: 'Pump', serialNumbers: ['P-1', 'P-2'] });
    expect((await api.list({ clientId })).items).toMatchObject([{ serialNumbers: ['P-1', 'P-2'] }]);
  });

  it('is changed by who may, and shows the present row to somebody who was slower', async () => {
    const clientId = await mintClient({ primaryRmId: firm.rm.userId });
    const id = await mintHolding({ clientId, folio: 'old' });
    const api = callerFor(firm.rm).holdings;
    expect(await api.update({ id, version: 1, folio: '', status: 'closed' })).toMatchObject({
      folio: null,
      status: 'closed',
      version: 2
    });
    await expect(api.update({ id, version: 1, folio: 'mine' })).rejects.toMatchObject({
      code: 'CONFLICT',
      cause: { details: { current: { version: 2, folio: null } } }
    });
    await expect(api.update({ id, version: 2, clientId: 1 } as never)).rejects.toMatchObject({
      code: 'BAD_REQUEST'
    });
  });

  it('is added by operations once the work is theirs', async () => {
    const clientId = await mintClient({ primaryRmId: firm.rm.userId });
    await mintRequest({ clientId, teamId: firm.teams.ops });
    const add = () => callerFor(firm.ops).holdings.add({ clientId, productId: firm.productId });
    await expect(add()).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await mintRequest({ clientId, teamId: firm.teams.ops, assigneeId: firm.ops.userId });
    await add();
  });

  it('names another product when it was the wrong one', async () => {
    const clientId = await mintClient({ primaryRmId: firm.rm.userId });
    const api = callerFor(firm.rm).holdings;
    const { id } = await api.add({ clientId, productName: 'Some fund' });
    const other = await callerFor(firm.admin).catalogue.create({ name: 'The right fund' });
    expect(await api.update({ id, version: 1, productId: other.id, productName: null })).toMatchObject({
      productId: other.id,
      productName: 'The right fund'
    });
    await expect(api.update({ id, version: 2, productId: 999_999 })).rejects.toMatchObject({
      code: 'NOT_FOUND'
    });
    expect(await api.update({ id, version: 2, productId: null, productName: 'By hand' })).toMatchObject({
      productId: null,
      productName: 'By hand'
    });
  });

  it('of a SIP has an instalment and its day, of a lump sum none', async () => {
    const clientId = await mintClient({ primaryRmId: firm.rm.userId });
    const api = callerFor(firm.rm).holdings;
    const sip = { clientId, productName: 'Fund', instalment: '5000', instalmentDay: 5 };
    await expect(api.add({ ...sip, mode: 'lump_sum' })).rejects.toMatchObject({
      cause: { details: { field: 'instalment' } }
    });
    await expect(api.add({ ...sip, mode: 'sip', instalmentDay: 32 })).rejects.toMatchObject({
      code: 'BAD_REQUEST'
    });
    const { id } = await api.add({ ...sip, mode: 'sip' });
    expect(await api.byId({ id })).toMatchObject({ instalment: '5000.00', instalmentDay: 5 });
    await expect(api.update({ id, version: 1, mode: 'lump_sum' })).rejects.toThrow(/Only a SIP/);
  });

  it('is redeemed, today unless another day is said, and reopened, with who and when in its history', async () => {
    const clientId = await mintClient({ primaryRmId: firm.rm.userId });
    const api = callerFor(firm.rm).holdings;
    const { id } = await api.add({ clientId, productName: 'Fund', startedOn: '2026-01-05' });
    const redeemed = await api.update({ id, version: 1, status: 'redeemed' });
    expect(redeemed.status).toBe('redeemed');
    expect(redeemed.endedOn).toMatch(/^\d{4}-\d\d-\d\d$/);
    await expect(api.update({ id, version: 2, endedOn: '2025-12-31' })).rejects.toThrow(/before it began/);
    expect(await api.update({ id, version: 2, endedOn: '2026-02-01' })).toMatchObject({
      endedOn: '2026-02-01'
    });
    expect(await api.update({ id, version: 3, status: 'active' })).toMatchObject({ endedOn: null });
    const { history, can } = await api.byId({ id });
    expect(history.map(({ action, actor }) => [action, actor?.id])).toEqual([
      ...Array.from({ length: 3 }, () => ['update', firm.rm.userId]),
      ['insert', firm.rm.userId]
    ]);
    expect(history[2]).toMatchObject({ oldValues: { status: 'active' }, newValues: { status: 'redeemed' } });
    expect(can).toEqual({ edit: true, remove: false });
  });

  it('is deleted by those who may, and not once it changed meanwhile', async () => {
    const clientId = await mintClient({ primaryRmId: firm.rm.userId });
    const id = await mintHolding({ clientId });
    await expect(callerFor(firm.rm).holdings.remove({ id, version: 1 })).rejects.toMatchObject({
      code: 'FORBIDDEN'
    });
    const api = callerFor(firm.admin).holdings;
    await expect(api.remove({ id, version: 7 })).rejects.toMatchObject({ code: 'CONFLICT' });
    await api.remove({ id, version: 1 });
    await expect(api.byId({ id })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('is deleted by another role that was given it, and by nobody else past the screen', async () => {
    const clientId = await mintClient({ primaryRmId: firm.rm.userId });
    const id = await mintHolding({ clientId });
    const bare = (actor: Actor) =>
      asActor(actor, (tx) => tx.execute(sql`delete from holdings where id = ${id} returning id`));
    expect(await bare(firm.rm)).toHaveLength(0);
    const [role] = await asSystem((tx) =>
      tx.select({ id: roles.id }).from(roles).where(eq(roles.key, 'head'))
    );
    const grant = { roleId: role?.id ?? 0, permission: 'holdings.delete' as const, scope: 'team' as const };
    await asSystem((tx) => tx.insert(roleGrants).values(grant));
    const head = await actorOf(firm.rmHead.userId);
    const hidden = await mintHolding({ clientId: await mintClient({ primaryRmId: firm.otherRm.userId }) });
    await expect(callerFor(head).holdings.remove({ id: hidden, version: 1 })).rejects.toMatchObject({
      code: 'NOT_FOUND'
    });
    await callerFor(head).holdings.remove({ id, version: 1 });
    await expect(callerFor(firm.rm).holdings.byId({ id })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('is paged', async () => {
    const clientId = await mintClient({ primaryRmId: firm.rm.userId });
    for (let n = 0; n < 5; n++) await mintHolding({ clientId });
    const api = callerFor(firm.rm).holdings;
    const first = await api.list({ clientId, limit: 3 });
    const second = await api.list({ clientId, limit: 3, cursor: first.nextCursor ?? '' });
    expect([first.items.length, second.items.length, second.nextCursor]).toEqual([3, 2, null]);
    expect(new Set([...first.items, ...second.items].map((item) => item.id)).size).toBe(5);
  });
});

describe('a holding that is the actor’s own work', () => {
  it('is shown without the client behind it', async () => {
    const clientId = await mintClient({ primaryRmId: firm.rm.userId });
    const { id } = await callerFor(firm.rm).holdings.add({ clientId, productName: 'Fund', folio: 'F-9' });
    await asSystem((tx) =>
      tx.execute(sql`update clients set primary_rm_id = ${firm.otherRm.userId} where id = ${clientId}`)
    );
    const api = callerFor(firm.rm).holdings;
    const record = await api.byId({ id });
    expect(record).toMatchObject({ client: null, folio: 'F-9', can: { edit: false, remove: false } });
    expect(JSON.stringify(record)).not.toMatch(/client_?id/i);
    await expect(api.update({ id, version: 1, folio: 'mine' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await callerFor(firm.otherRm).holdings.byId({ id })).toMatchObject({ client: { id: clientId } });
  });
});
