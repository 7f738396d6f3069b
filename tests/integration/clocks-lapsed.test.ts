import { and, eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { clocks } from '#lib/clocks/schema.server.ts';
import { clients } from '#lib/clients/schema.server.ts';
import { interactions } from '#lib/interactions/schema.server.ts';
import { leads } from '#lib/leads/schema.server.ts';
import { asSystem, closeDatabase } from '#lib/platform/db/transactions.server.ts';
import { callerFor } from '#lib/platform/trpc/caller.server.ts';
import { useTestDatabase, type TestDatabase } from '../support/database.ts';
import { makeFirm, type TestFirm } from '../support/firm.ts';
import { promisesOn } from '../support/promises.ts';
import { mintClient, mintInteraction, mintLead } from '../support/records.ts';
import { drain, mintPolicy } from '../support/work-clocks.ts';

let database: TestDatabase;
let firm: TestFirm;

const DAY = 86_400_000;
/** The same for all that is compared. */
const NOW = Math.floor(Date.now() / 1000) * 1000;
const daysAgo = (days: number) => new Date(NOW - days * DAY);
const inDays = (days: number) =>
  new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Kolkata' }).format(daysAgo(-days));

beforeAll(async () => {
  database = await useTestDatabase();
  firm = await makeFirm();
  // In working hours: about ninety days.
  const spoken = { when: { clientTier: 'spoken with' }, hours: 500, targets: ['contact' as const] };
  await mintPolicy({ key: 'spoken with', kind: 'client', ...spoken });
  await mintNothing('client', { clientTier: 'left alone' });
  await mintNothing('lead', { teamId: firm.teams.ops });
});

afterAll(async () => {
  await closeDatabase();
  await database?.drop();
});

/** A policy before all others that promises nothing. */
const mintNothing = async (kind: 'client' | 'lead', when: { clientTier?: string; teamId?: number }) => {
  await mintPolicy({ key: `nothing for a ${kind}`, kind, hours: 1, targets: [], when });
};

describe('a promise on a client', () => {
  const newClient = (createdAt: Date) =>
    mintClient({ primaryRmId: firm.rm.userId, createdAt, tier: 'spoken with' });
  const contacted = (clientId: number, occurredAt: Date) =>
    mintInteraction({ clientId, userId: firm.rm.userId, occurredAt });
  const uncontacted = (id: number) =>
    asSystem((tx) => tx.delete(interactions).where(eq(interactions.id, id)));
  const contacts = async (id: number) => {
    await drain();
    return promisesOn('client', id);
  };
  const give = async (id: number, tier: string) => {
    await asSystem((tx) => tx.update(clients).set({ tier }).where(eq(clients.id, id)));
    return contacts(id);
  };

  /** The first round was kept, and the second lapsed. */
  async function secondLapsed() {
    const id = await newClient(daysAgo(30));
    await contacts(id);
    const contactId = await contacted(id, daysAgo(5));
    await contacts(id);
    expect(await give(id, 'left alone')).toMatchObject([
      { state: 'satisfied', round: 1 },
      { state: 'cancelled', round: 2 }
    ]);
    return { id, contactId };
  }

  test('that is owed again where nothing is promised does not run', async () => {
    const { id, contactId } = await secondLapsed();
    await uncontacted(contactId);
    expect(await contacts(id)).toMatchObject([{ state: 'cancelled' }, { state: 'cancelled' }]);
    expect(await contacts(id)).toMatchObject([{ state: 'cancelled' }, { state: 'cancelled' }]);
    expect(await give(id, 'spoken with')).toMatchObject([
      { state: 'running', startedAt: daysAgo(30), endedAt: null },
      { state: 'cancelled' }
    ]);
    await contacted(id, daysAgo(2));
    expect(await contacts(id)).toMatchObject([
      { state: 'satisfied', round: 1 },
      { state: 'cancelled', round: 2 },
      { state: 'running', round: 3, startedAt: daysAgo(2) }
    ]);
  });

  test('that is owed again in the moment it is promised again runs alone', async () => {
    const { id, contactId } = await secondLapsed();
    await uncontacted(contactId);
    expect(await give(id, 'spoken with')).toMatchObject([
      { state: 'running', startedAt: daysAgo(30) },
      { state: 'cancelled' }
    ]);
    expect(await give(id, 'left alone')).toMatchObject([{ state: 'cancelled' }, { state: 'cancelled' }]);
    expect(await give(id, 'spoken with')).toMatchObject([{ state: 'running' }, { state: 'cancelled' }]);
  });

  test('stays void where he was spoken with meanwhile, and the next runs from then', async () => {
    const id = await newClient(daysAgo(300));
    await contacts(id);
    await give(id, 'left alone');
    await contacted(id, daysAgo(100));
    await contacted(id, daysAgo(3));
    expect(await give(id, 'spoken with')).toMatchObject([
      { state: 'cancelled', round: 1 },
      { state: 'running', round: 2, startedAt: daysAgo(3), breachedAt: null }
    ]);
    expect(await give(id, 'left alone')).toMatchObject([{ state: 'cancelled' }, { state: 'cancelled' }]);
    expect(await give(id, 'spoken with')).toMatchObject([{ state: 'cancelled' }, { state: 'running' }]);
  });
});

describe('a promise on a lead', () => {
  const rm = () => callerFor(firm.rm).leads;
  const newLead = () => mintLead({ conversionRmId: firm.rm.userId, createdAt: daysAgo(3) });
  const change = (id: number, values: Partial<typeof leads.$inferInsert>) =>
    asSystem((tx) => tx.update(leads).set(values).where(eq(leads.id, id)));
  const promises = async (id: number, target: string) => {
    await drain();
    return (await promisesOn('lead', id)).filter((clock) => clock.target === target);
  };

  test('stays void where the lead was converted meanwhile', async () => {
    const id = await newLead();
    await promises(id, 'first_call');
    await change(id, { teamId: firm.teams.ops });
    expect(await promises(id, 'first_call')).toMatchObject([{ state: 'cancelled' }]);
    const client = { name: 'New One', panExemptReason: 'Abroad' };
    expect((await rm().convert({ id, productId: firm.productId, client })).outcome).toBe('converted');
    await change(id, { teamId: firm.teams.rm });
    expect(await promises(id, 'first_call')).toMatchObject([{ state: 'cancelled' }]);
  });

  test('runs on where nothing was done, and stays void where the follow-up was made', async () => {
    const [waits, done] = [await newLead(), await newLead()];
    for (const id of [waits, done]) {
      await change(id, { nextFollowUpOn: inDays(0) });
      expect(await promises(id, 'follow_up')).toMatchObject([{ state: 'running' }]);
      await change(id, { teamId: firm.teams.ops });
      expect(await promises(id, 'follow_up')).toMatchObject([{ state: 'cancelled' }]);
    }
    await rm().logContact({ id: done, channel: 'call', subject: 'Wants a SIP' });
    for (const id of [waits, done]) {
      await change(id, { teamId: firm.teams.rm, nextFollowUpOn: inDays(0) });
    }
    expect(await promises(waits, 'follow_up')).toMatchObject([{ state: 'running', round: 1 }]);
    expect(await promises(done, 'follow_up')).toMatchObject([{ state: 'cancelled', round: 1 }]);
    expect(await promises(done, 'first_call')).toMatchObject([{ state: 'cancelled', round: 1 }]);
  });

  test('stays void where an earlier round runs', async () => {
    const id = await newLead();
    const round = (number: number, values: Partial<typeof clocks.$inferInsert>) =>
      asSystem((tx) =>
        tx
          .update(clocks)
          .set(values)
          .where(and(eq(clocks.subjectId, id), eq(clocks.target, 'follow_up'), eq(clocks.round, number)))
      );
    const [void_, runs] = [
      { state: 'cancelled', endedAt: new Date() } as const,
      { state: 'running' } as const
    ];
    await change(id, { nextFollowUpOn: inDays(3) });
    await promises(id, 'follow_up');
    await round(1, void_);
    await change(id, { nextFollowUpOn: inDays(4) });
    expect(await promises(id, 'follow_up')).toMatchObject([{ state: 'cancelled' }, { state: 'running' }]);
    await round(2, { ...void_, lapsed: true });
    await round(1, { ...runs, endedAt: null });
    await change(id, { nextFollowUpOn: inDays(5) });
    expect(await promises(id, 'follow_up')).toMatchObject([
      { state: 'running', onDate: inDays(5) },
      { state: 'cancelled', onDate: inDays(4) }
    ]);
  });
});
