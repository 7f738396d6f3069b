import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sql } from 'drizzle-orm';
import { pageQuery, listingOf } from '#lib/interactions/listing.server.ts';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import { asActor, asSystem, closeDatabase } from '#lib/platform/db/transactions.server.ts';
import { callerFor } from '#lib/platform/trpc/caller.server.ts';
import { useTestDatabase, type TestDatabase } from '../support/database.ts';
import { makeFirm, type TestFirm } from '../support/firm.ts';
import { mintClient, mintInteraction, mintQuery, mintRequest } from '../support/records.ts';

let database: TestDatabase;
let firm: TestFirm;

beforeAll(async () => {
  database = await useTestDatabase();
  firm = await makeFirm();
});

afterAll(async () => {
  await closeDatabase();
  await database.drop();
});

const call = { channel: 'call', direction: 'outbound', subject: 'How are you?' } as const;
const DAY = 86_400_000;

describe('logging an interaction', () => {
  it('is the actor’s, now, and becomes the client’s last contact', async () => {
    const clientId = await mintClient({ primaryRmId: firm.rm.userId });
    const api = callerFor(firm.rm);
    const { id, occurredAt } = await api.interactions.log({ clientId, ...call, body: 'Fine, thanks' });
    expect(Math.abs(occurredAt.getTime() - Date.now())).toBeLessThan(60_000);
    const { items } = await api.interactions.list({ filter: { clientId } });
    expect(items).toMatchObject([
      {
        id,
        client: { id: clientId },
        user: { id: firm.rm.userId },
        purpose: 'general',
        body: 'Fine, thanks',
        loggedById: firm.rm.userId
      }
    ]);
    const record = await api.clients.byId({ id: clientId });
    expect(record).toMatchObject({
      attention: 'fine',
      lastContactChannel: 'call',
      lastContactSummary: 'How are you?',
      lastContactBy: { id: firm.rm.userId },
      version: 1
    });
  });

  it('counts what a person said with the client and nothing else as a contact', async () => {
    const clientId = await mintClient({ primaryRmId: firm.rm.userId });
    const api = callerFor(firm.rm);
    await api.interactions.log({ clientId, ...call, missed: true });
    await api.interactions.log({ clientId, ...call, channel: 'note' });
    await api.interactions.log({ clientId, ...call, direction: 'internal' });
    expect((await api.clients.byId({ id: clientId })).attention).toBe('never');
    await api.interactions.log({ clientId, ...call, occurredAt: new Date(Date.now() - 95 * DAY) });
    expect((await api.clients.byId({ id: clientId })).attention).toBe('urgent');
    await api.interactions.log({ clientId, ...call, occurredAt: new Date(Date.now() - 100 * DAY) });
    const record = await api.clients.byId({ id: clientId });
    expect(Math.round((Date.now() - Number(record.lastContactAt)) / DAY)).toBe(95);
  });

  it('needs what its purpose needs, and no time to come', async () => {
    const clientId = await mintClient({ primaryRmId: firm.rm.userId });
    const queryId = await mintQuery({ clientId, rmId: firm.rm.userId });
    const { log } = callerFor(firm.rm).interactions;
    await expect(log({ clientId, ...call, purpose: 'new_business' })).rejects.toThrow(/names a product/);
    await expect(log({ clientId, ...call, purpose: 'query_resolution' })).rejects.toThrow(/names the query/);
    const soon = new Date(Date.now() + 10 * 60_000);
    await expect(log({ clientId, ...call, occurredAt: soon })).rejects.toThrow(/future/);
    await log({ clientId, ...call, occurredAt: new Date(Date.now() + 60_000) });
    await log({ clientId, ...call, purpose: 'new_business', productId: firm.productId });
    await log({ clientId, ...call, purpose: 'query_resolution', queryId });
  });

  it('takes a query or a request of that very client only', async () => {
    const clientId = await mintClient({ primaryRmId: firm.rm.userId });
    const other = await mintClient({ primaryRmId: firm.rm.userId });
    const queryId = await mintQuery({ clientId: other, rmId: firm.rm.userId });
    const requestId = await mintRequest({ clientId: other, teamId: firm.teams.ops });
    const { log } = callerFor(firm.rm).interactions;
    await expect(log({ clientId, ...call, queryId })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(log({ clientId, ...call, requestId })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(log({ clientId, ...call, productId: 999_999 })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(log({ clientId, ...call, loggedById: 1 } as never)).rejects.toMatchObject({
      code: 'BAD_REQUEST'
    });
  });
});

describe('the list of interactions', () => {
  async function readAll(actor: Actor, filter: object, limit: number): Promise<number[]> {
    const ids: number[] = [];
    let cursor: string | undefined;
    do {
      const page = await callerFor(actor).interactions.list({ filter, limit, ...(cursor && { cursor }) });
      ids.push(...page.items.map((item) => item.id));
      cursor = page.nextCursor ?? undefined;
    } while (cursor);
    return ids;
  }

  async function visible(actor: Actor): Promise<number[]> {
    const rows = await asActor(actor, (tx) =>
      tx.execute<{ id: number }>(sql`select id from interactions order by occurred_at desc, id desc`)
    );
    return rows.map((row) => row.id);
  }

  it('is everything the actor sees, newest first, whatever the size of the pages', async () => {
    const mine = await mintClient({ primaryRmId: firm.rm.userId });
    const others = await mintClient({ primaryRmId: firm.otherRm.userId });
    const at = new Date();
    for (let n = 0; n < 8; n++) {
      const userId = n % 2 ? firm.rm.userId : firm.otherRm.userId;
      // Some in the same millisecond: the cursor must tell them apart.
      await mintInteraction({ clientId: n % 3 ? mine : others, userId, occurredAt: at });
      await mintInteraction({ clientId: others, userId, loggedById: firm.rm2.userId });
    }
    await asSystem((tx) =>
      tx.execute(sql`update interactions set occurred_at = occurred_at + id * interval '1 microsecond'`)
    );
    for (const actor of [firm.rm, firm.rm2, firm.rmHead, firm.otherRm, firm.ops, firm.admin]) {
      const expected = await visible(actor);
      for (const limit of [1, 3, 100]) expect(await readAll(actor, {}, limit)).toEqual(expected);
      const { total } = await callerFor(actor).interactions.list({ limit: 1 });
      expect(total).toBe(expected.length);
    }
  });

  it('is the same for a book too large to be read client by client', async () => {
    await asSystem((tx) =>
      tx.execute(sql`
        with book as (
          insert into clients (kind, name, pan_exempt_reason, primary_rm_id)
          select 'individual', 'Many ' || g, 'test', ${firm.rm2.userId} from generate_series(1, 1100) g returning id)
        insert into interactions (client_id, user_id, channel, direction, subject, occurred_at)
        select id, ${firm.rm2.userId}, 'call', 'inbound', 'Hello', now() - id * interval '1 minute' from book where id % 10 = 0`)
    );
    const expected = await visible(firm.rm2);
    expect(expected.length).toBeGreaterThan(100);
    expect(await readAll(firm.rm2, {}, 40)).toEqual(expected);
  });

  it('filters by client, colleague, purpose, channel and time', async () => {
    const clientId = await mintClient({ primaryRmId: firm.rm.userId });
    const old = await mintInteraction({
      clientId,
      userId: firm.rm.userId,
      occurredAt: new Date('2020-05-05')
    });
    const mail = await mintInteraction({ clientId, userId: firm.rm2.userId, channel: 'email' });
    const api = callerFor(firm.rm).interactions;
    const listed = async (filter: NonNullable<Parameters<typeof api.list>[0]['filter']>) =>
      (await api.list({ filter })).items.map((item) => item.id);
    expect(await listed({ clientId })).toEqual([mail, old]);
    expect(await listed({ clientId, channel: 'email' })).toEqual([mail]);
    expect(await listed({ userId: firm.rm2.userId, clientId })).toEqual([mail]);
    expect(await listed({ clientId, to: new Date('2021-01-01') })).toEqual([old]);
    expect(await listed({ from: new Date('2020-05-05'), to: new Date('2020-05-06') })).toEqual([old]);
    expect(await listed({ clientId, purpose: 'portfolio_review' })).toEqual([]);
  });

  it('reads each client’s own index', async () => {
    const rows = await asActor(firm.rm, (tx) =>
      tx.execute<{ 'QUERY PLAN': string }>(
        sql`explain (costs off) ${pageQuery(listingOf(firm.rm, { filter: { purpose: 'general' } }))}`
      )
    );
    expect(rows.map((row) => row['QUERY PLAN']).join('\n')).toMatch(/Nested Loop/);
  });
});

describe('the timeline', () => {
  it('tells what was said, noted and done, newest first, in pages and by kind', async () => {
    const clientId = await mintClient({ primaryRmId: firm.rm.userId });
    const api = callerFor(firm.rm).clients;
    await mintInteraction({
      clientId,
      userId: firm.rm.userId,
      subject: 'First call',
      occurredAt: new Date('2026-01-01')
    });
    await mintQuery({
      clientId,
      rmId: firm.rm.userId,
      subject: 'Where is my statement?',
      status: 'resolved',
      resolution: 'Sent',
      openedAt: new Date('2026-02-01'),
      resolvedAt: new Date('2026-02-03')
    });
    await mintRequest({ clientId, teamId: firm.teams.ops, createdAt: new Date('2026-02-02') });
    await api.addNote({ clientId, body: 'Likes tea' });
    const all = await api.timeline({ clientId });
    expect(all.items.map((item) => item.event)).toEqual([
      'note',
      'query_resolved',
      'request_opened',
      'query_opened',
      'interaction'
    ]);
    expect(all.items[1]).toMatchObject({
      title: 'Where is my statement?',
      body: 'Sent',
      by: { id: firm.rm.userId }
    });
    const paged = [];
    let cursor: string | undefined;
    do {
      const page = await api.timeline({ clientId, limit: 2, ...(cursor && { cursor }) });
      paged.push(...page.items);
      cursor = page.nextCursor ?? undefined;
    } while (cursor);
    expect(paged).toEqual(all.items);
    const queries = await api.timeline({ clientId, kinds: ['query'] });
    expect(queries.items.map((item) => item.event)).toEqual(['query_resolved', 'query_opened']);
    expect((await api.timeline({ clientId, kinds: [] })).items).toEqual([]);
  });
});
