import { eq, sql } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { clients } from '#lib/clients/schema.server.ts';
import { queries } from '#lib/desk/schema.server.ts';
import { leads } from '#lib/leads/schema.server.ts';
import { users } from '#lib/people/schema.server.ts';
import { asSystem } from '#lib/platform/db/transactions.server.ts';
import { callerFor } from '#lib/platform/trpc/caller.server.ts';
import { carryOut, clientRow, head, mintRm, plan, withWork } from '../support/handovers.ts';
import { firm, useTestFirm } from '../support/test-firm.ts';

useTestFirm();

describe('undoing a handover', () => {
  it('gives back what nobody changed since and says why the rest stays', async () => {
    const { rmId, alpha, beta, gamma, second, lead, query } = await withWork();
    const to = await mintRm();
    await asSystem((tx) => tx.update(clients).set({ secondaryRmId: to.userId }).where(eq(clients.id, alpha)));
    const { id } = await carryOut(await head(), plan(rmId, [to.userId]));
    await asSystem(async (tx) => {
      await tx.update(clients).set({ primaryRmId: firm.rm2.userId }).where(eq(clients.id, gamma));
      await tx.update(clients).set({ tier: 'gold' }).where(eq(clients.id, beta));
      await tx.update(queries).set({ status: 'resolved', resolution: 'Done' }).where(eq(queries.id, query));
    });
    const api = callerFor(await head());
    expect((await api.handover.byId({ id })).can.undo).toBe(true);
    expect(await api.handover.undo({ id })).toEqual({ restored: 8, left: 2 });
    expect(await clientRow(alpha)).toMatchObject({
      primaryRmId: rmId,
      secondaryRmId: to.userId,
      nextContactById: rmId
    });
    expect(await clientRow(beta)).toMatchObject({ primaryRmId: rmId, tier: 'gold' });
    expect((await clientRow(gamma)).primaryRmId).toBe(firm.rm2.userId);
    expect((await clientRow(second)).secondaryRmId).toBe(rmId);
    const [back] = await asSystem((tx) => tx.select().from(leads).where(eq(leads.id, lead)));
    expect(back?.conversionRmId).toBe(rmId);
    const clientsLeft = await api.handover.byId({ id, part: 'clients', kept: true });
    expect(clientsLeft.records.items).toMatchObject([{ recordId: gamma, outcome: 'changed' }]);
    const queriesLeft = await api.handover.byId({ id, part: 'queries', kept: true });
    expect(queriesLeft.records.items).toMatchObject([{ recordId: query, outcome: 'finished' }]);
    await expect(api.handover.undo({ id })).rejects.toMatchObject({ code: 'UNPROCESSABLE_CONTENT' });
  });

  it('is possible for a day, and for those whose people they are', async () => {
    const { rmId } = await withWork();
    const { id } = await carryOut(firm.admin, plan(rmId, [firm.otherRm.userId]));
    await expect(callerFor(await head()).handover.undo({ id })).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await expect(callerFor(firm.opsHead).handover.undo({ id })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await asSystem((tx) =>
      tx.execute(sql`update handovers set created_at = now() - interval '25 hours' where id = ${id}`)
    );
    const api = callerFor(firm.admin);
    expect((await api.handover.byId({ id })).can.undo).toBe(false);
    await expect(api.handover.undo({ id })).rejects.toMatchObject({ code: 'UNPROCESSABLE_CONTENT' });
  });
});

describe('leaving the firm', () => {
  it('hands everything over and deactivates, or does neither', async () => {
    const { rmId, alpha } = await withWork();
    const api = callerFor(firm.admin);
    await expect(api.handover.deactivate({ id: rmId, version: 1, toIds: [] })).rejects.toMatchObject({
      code: 'UNPROCESSABLE_CONTENT'
    });
    await expect(
      api.handover.deactivate({ id: rmId, version: 7, toIds: [firm.rm2.userId] })
    ).rejects.toMatchObject({ code: 'CONFLICT' });
    expect((await clientRow(alpha)).primaryRmId).toBe(rmId);
    const done = await api.handover.deactivate({ id: rmId, version: 1, toIds: [firm.rm2.userId] });
    expect(done?.counts.clients).toBe(4);
    const [person] = await asSystem((tx) => tx.select().from(users).where(eq(users.id, rmId)));
    expect(person?.active).toBe(false);
    expect(await api.handover.undo({ id: done?.id ?? 0 })).toMatchObject({ restored: 0 });
    expect((await clientRow(alpha)).primaryRmId).toBe(firm.rm2.userId);
  });
});
