import { eq } from 'drizzle-orm';
import { beforeAll, describe, expect, test } from 'vitest';
import type { SubjectKind } from '#lib/clocks/model.ts';
import { drainRefresh } from '#lib/clocks/refresh.server.ts';
import { clocks, escalations } from '#lib/clocks/schema.server.ts';
import { notifications } from '#lib/notifications/schema.server.ts';
import { users } from '#lib/people/schema.server.ts';
import { asSystem } from '#lib/platform/db/transactions.server.ts';
import { callerFor } from '#lib/platform/trpc/caller.server.ts';
import { bankDetails, mintClient, mintLead } from '../support/records.ts';
import { firm, useTestFirm } from '../support/test-firm.ts';

useTestFirm();

let clientId: number;

beforeAll(async () => {
  clientId = await mintClient({ primaryRmId: firm.rm.userId });
});

const RECORDS: Record<SubjectKind, () => Promise<number>> = {
  query: async () => (await callerFor(firm.rm).queries.open({ clientId, subject: 'Where is it?' })).id,
  request: async () =>
    (await callerFor(firm.rm).requests.open({ clientId, typeId: firm.requestTypeId, fields: bankDetails }))
      .id,
  lead: () => mintLead({ conversionRmId: firm.rm.userId, teamId: firm.teams.rm }),
  client: () => Promise.resolve(clientId)
};

/** As if these people had been told that the promise on a record is late. */
async function told(kind: SubjectKind, id: number, userIds: number[]): Promise<number> {
  await asSystem((tx) => drainRefresh(tx, { limit: 1000, until: new Date(Date.now() + 60_000) }));
  const [clock] = await callerFor(firm.admin).clocks.forSubject({ kind, id });
  const clockId = clock?.id ?? 0;
  await asSystem(async (tx) => {
    const [{ policyVersionId } = { policyVersionId: 0 }] = await tx
      .select({ policyVersionId: clocks.policyVersionId })
      .from(clocks)
      .where(eq(clocks.id, clockId));
    await tx.insert(escalations).values({
      ...{ clockId, policyVersionId, stepKey: 'told', kind: 'warning', actionAt: new Date(), tell: 'head' },
      ...{ toldUserIds: userIds, toldAt: new Date() }
    });
    await tx.delete(notifications);
  });
  return clockId;
}

const heard = async () =>
  (await asSystem((tx) => tx.select().from(notifications)))
    .filter(({ kind }) => kind === 'acknowledged')
    .map(({ userId }) => userId);

describe('whoever was told that a promise is late hears that somebody is on it', () => {
  test.each(['query', 'lead', 'client'] as const)('as far as he may still see the %s', async (kind) => {
    const id = await RECORDS[kind]();
    const clockId = await told(kind, id, [firm.otherRm.userId, firm.rmHead.userId, firm.rm.userId]);
    await callerFor(firm.rm).clocks.acknowledge({ id: clockId, reason: 'He is in hospital' });
    expect(await heard()).toEqual([firm.rmHead.userId]);
  });

  test('of a request: every head, and of the others who sees it', async () => {
    const id = await RECORDS.request();
    const everybody = [firm.otherRm.userId, firm.otherHead.userId, firm.ops.userId];
    const clockId = await told('request', id, everybody);
    await callerFor(firm.opsHead).clocks.acknowledge({ id: clockId, reason: 'I take it up' });
    expect((await heard()).sort()).toEqual([firm.otherHead.userId, firm.ops.userId].sort());
  });

  test('unless he has left', async () => {
    const id = await RECORDS.query();
    const clockId = await told('query', id, [firm.rmHead.userId, firm.admin.userId]);
    const active = (yes: boolean) => (tx: Parameters<Parameters<typeof asSystem>[0]>[0]) =>
      tx.update(users).set({ active: yes }).where(eq(users.id, firm.rmHead.userId));
    await asSystem(active(false));
    await callerFor(firm.rm).clocks.acknowledge({ id: clockId, reason: 'He is in hospital' });
    await asSystem(active(true));
    expect(await heard()).toEqual([firm.admin.userId]);
  });
});
