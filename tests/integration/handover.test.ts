import { eq, sql } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { clients } from '#lib/clients/schema.server.ts';
import { queries, serviceRequests } from '#lib/desk/schema.server.ts';
import type { HandoverPlan } from '#lib/handover/model.ts';
import { leads } from '#lib/leads/schema.server.ts';
import { notifications } from '#lib/notifications/schema.server.ts';
import { users } from '#lib/people/schema.server.ts';
import { actorOf } from '#lib/platform/auth/actor.server.ts';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import { asSystem } from '#lib/platform/db/transactions.server.ts';
import { callerFor } from '#lib/platform/trpc/caller.server.ts';
import { carryOut, clientRow, EVERYTHING, head, mintRm, plan, withWork } from '../support/handovers.ts';
import { mintLead } from '../support/records.ts';
import { firm, useTestFirm } from '../support/test-firm.ts';

useTestFirm();

describe('a handover', () => {
  it('shows in a dry run what would pass, changes nothing, and passes exactly that', async () => {
    const { rmId, alpha, beta, gamma, second, lead, query, request } = await withWork();
    const to = await mintRm();
    const api = callerFor(await head());
    const wanted = plan(rmId, [to.userId]);
    const dry = await api.handover.preview(wanted);
    const counts = { clients: 4, secondary: 1, contacts: 2, leads: 1, queries: 1, requests: 1 };
    expect(dry).toMatchObject({ counts, total: 10, part: 'clients' });
    expect(dry.records.map(({ name }) => name)).toEqual(['Alpha', 'Beta', 'Delta', 'Gamma']);
    expect((await clientRow(alpha)).primaryRmId).toBe(rmId);

    const done = await api.handover.carryOut({ ...wanted, token: dry.token, note: 'Leaves' });
    expect(done).toMatchObject({ counts });
    expect(await clientRow(alpha)).toMatchObject({
      primaryRmId: to.userId,
      nextContactById: to.userId,
      version: 3
    });
    expect((await clientRow(second)).secondaryRmId).toBe(to.userId);
    const rows = await asSystem(async (tx) => ({
      lead: await tx.select().from(leads).where(eq(leads.id, lead)),
      query: await tx.select().from(queries).where(eq(queries.id, query)),
      request: await tx.select().from(serviceRequests).where(eq(serviceRequests.id, request))
    }));
    expect(rows.lead[0]).toMatchObject({ conversionRmId: to.userId, status: 'wip', version: 2 });
    expect(rows.query[0]).toMatchObject({ rmId: to.userId, status: 'open', version: 2 });
    expect(rows.request[0]).toMatchObject({ assigneeId: to.userId, status: 'in_progress', version: 2 });
    const mine = callerFor(to);
    for (const id of [alpha, beta, gamma]) expect((await mine.clients.byId({ id })).id).toBe(id);
    await expect(callerFor(await actorOf(rmId)).clients.byId({ id: alpha })).rejects.toMatchObject({
      code: 'NOT_FOUND'
    });
  });

  it('tells the receiver once of everything, and his head unless it was he', async () => {
    const { rmId } = await withWork();
    const to = await mintRm();
    const { id, number } = await carryOut(firm.admin, plan(rmId, [to.userId]));
    const told = await asSystem((tx) =>
      tx
        .select()
        .from(notifications)
        .where(eq(notifications.key, `handover:${id}`))
    );
    expect(told.map(({ userId }) => userId).sort()).toEqual([to.userId, firm.rmHead.userId].sort());
    const [mine] = told.filter(({ userId }) => userId === to.userId);
    expect(mine?.title).toMatch(/^4 clients, 1 client as second contact, 2 planned contacts/);
    expect(mine?.body).toContain(number);
    expect((await callerFor(to).notifications.list({})).items[0]?.page).toBe(`/handovers/${id}`);
    expect((await callerFor(to).handover.byId({ id })).records.items[0]?.label?.name).toBe('Alpha');
  });

  it('deals clients out evenly, with their work, unless somebody was picked', async () => {
    const { rmId, alpha, beta, gamma, book } = await withWork();
    const one = await mintRm();
    const two = await mintRm();
    const delta = book[3] ?? 0;
    const picks = [
      { clientId: delta, toId: null },
      { clientId: alpha, toId: two.userId }
    ];
    await carryOut(await head(), { ...plan(rmId, [one.userId, two.userId]), picks });
    const owners = await Promise.all(
      [alpha, beta, gamma, delta].map(async (id) => (await clientRow(id)).primaryRmId)
    );
    expect(owners).toEqual([two.userId, one.userId, two.userId, rmId]);
    expect((await clientRow(alpha)).nextContactById).toBe(two.userId);
    const [query] = await asSystem((tx) => tx.select().from(queries).where(eq(queries.clientId, beta)));
    expect(query?.rmId).toBe(one.userId);
  });

  it('is refused when it would come out otherwise than the dry run showed', async () => {
    const { rmId, alpha } = await withWork();
    const to = await mintRm();
    const api = callerFor(await head());
    const wanted = plan(rmId, [to.userId]);
    const { token } = await api.handover.preview(wanted);
    await asSystem((tx) => tx.update(clients).set({ tier: 'gold' }).where(eq(clients.id, alpha)));
    expect((await api.handover.preview(wanted)).token).toBe(token);
    const late = await mintLead({ conversionRmId: rmId, teamId: firm.teams.rm });
    await expect(api.handover.carryOut({ ...wanted, token })).rejects.toMatchObject({ code: 'CONFLICT' });
    expect((await clientRow(alpha)).primaryRmId).toBe(rmId);
    const [lead] = await asSystem((tx) => tx.select().from(leads).where(eq(leads.id, late)));
    expect(lead?.conversionRmId).toBe(rmId);
  });

  it('says what stands in the way and what to know', async () => {
    const { rmId, alpha } = await withWork();
    const gone = await mintRm({ active: false, name: 'Gone Girish' });
    const away = await mintRm({ teamId: firm.teams.other });
    await asSystem(async (tx) => {
      await tx
        .update(users)
        .set({ leaveFrom: '2020-01-01', leaveTo: '2099-01-31' })
        .where(eq(users.id, away.userId));
      await tx.update(clients).set({ secondaryRmId: away.userId }).where(eq(clients.id, alpha));
    });
    const api = callerFor(firm.admin);
    const kinds = async (toId: number, parts: readonly HandoverPlan['parts'][number][] = EVERYTHING) =>
      (await api.handover.preview(plan(rmId, [toId], parts))).conflicts.map(({ kind }) => kind);
    expect(await kinds(gone.userId)).toContain('inactive');
    expect(await kinds(firm.ops.userId)).toEqual(expect.arrayContaining(['role', 'function', 'otherTeam']));
    expect(await kinds(away.userId)).toEqual(
      expect.arrayContaining(['onLeave', 'otherTeam', 'alreadySecondary', 'function'])
    );
    expect(await kinds(firm.rm2.userId)).toContain('alreadyPrimary');
    expect(await kinds(firm.rm2.userId, ['clients'])).toContain('stillSees');
    await expect(carryOut(firm.admin, plan(rmId, [gone.userId]))).rejects.toMatchObject({
      code: 'UNPROCESSABLE_CONTENT'
    });
    await expect(api.handover.preview(plan(rmId, [rmId]))).rejects.toMatchObject({
      code: 'UNPROCESSABLE_CONTENT'
    });
    await carryOut(firm.admin, plan(rmId, [away.userId]));
    expect(await clientRow(alpha)).toMatchObject({ primaryRmId: away.userId, secondaryRmId: null });
  });

  it('reaches a head’s own people only', async () => {
    const { rmId } = await withWork();
    const api = callerFor(await head());
    for (const wanted of [plan(rmId, [firm.otherRm.userId]), plan(firm.otherRm.userId, [rmId])])
      await expect(api.handover.preview(wanted)).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await expect(callerFor(firm.rm).handover.preview(plan(firm.rm.userId, [rmId]))).rejects.toMatchObject({
      code: 'FORBIDDEN'
    });
    await expect(api.handover.preview(plan(999_999, [rmId]))).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('the list of handovers', () => {
  it('shows each person those of his people', async () => {
    const { rmId } = await withWork();
    const { id } = await carryOut(await head(), plan(rmId, [firm.rm2.userId], ['clients']));
    const ids = async (actor: Actor) => (await callerFor(actor).handover.list({})).items.map((row) => row.id);
    expect(await ids(await head())).toContain(id);
    expect(await ids(firm.admin)).toContain(id);
    expect(await ids(firm.otherHead)).not.toContain(id);
    await expect(callerFor(firm.rm).handover.byId({ id })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('moves five thousand clients in one go', { timeout: 60_000 }, async () => {
    const from = await mintRm();
    const to = await mintRm();
    await asSystem((tx) =>
      tx.execute(sql`insert into clients (kind, name, primary_rm_id, pan_exempt_reason)
        select 'individual', 'Many ' || n, ${from.userId}, 'test' from generate_series(1, 5000) n`)
    );
    const { id } = await carryOut(await head(), plan(from.userId, [to.userId]));
    const count = async (rmId: number) =>
      (await callerFor(firm.admin).handover.preview(plan(rmId, [firm.rm2.userId]))).counts.clients;
    expect(await count(to.userId)).toBe(5000);
    expect(await callerFor(await head()).handover.undo({ id })).toEqual({ restored: 5000, left: 0 });
    expect(await count(from.userId)).toBe(5000);
  });
});
