import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eq, sql } from 'drizzle-orm';
import { clients } from '#lib/clients/schema.server.ts';
import { asSystem, closeDatabase } from '#lib/platform/db/transactions.server.ts';
import { callerFor } from '#lib/platform/trpc/caller.server.ts';
import { useTestDatabase, type TestDatabase } from '../support/database.ts';
import { makeFirm, type TestFirm } from '../support/firm.ts';
import { mintClient, mintInteraction, mintLead, mintQuery, mintRequest } from '../support/records.ts';

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
const ago = (days: number) => new Date(Date.now() - days * 86_400_000);
const lastContact = async (clientId: number) => {
  const { lastContactAt, lastContactSummary } = await callerFor(firm.admin).clients.byId({ id: clientId });
  return { at: lastContactAt?.getTime(), summary: lastContactSummary };
};

describe('changing an interaction', () => {
  it('moves the client’s last contact with it, and back again when it is deleted', async () => {
    const clientId = await mintClient({ primaryRmId: firm.rm.userId });
    const { log, update } = callerFor(firm.rm).interactions;
    const first = await log({ clientId, ...call, subject: 'First', occurredAt: ago(40) });
    const second = await log({ clientId, ...call, subject: 'Second', occurredAt: ago(10) });
    expect(await lastContact(clientId)).toEqual({ at: second.occurredAt.getTime(), summary: 'Second' });

    await update({ id: second.id, version: 1, occurredAt: ago(50) });
    expect(await lastContact(clientId)).toEqual({ at: first.occurredAt.getTime(), summary: 'First' });
    await update({ id: second.id, version: 2, occurredAt: ago(5), subject: 'Second, later' });
    expect((await lastContact(clientId)).summary).toBe('Second, later');
    await update({ id: second.id, version: 3, missed: true });
    expect((await lastContact(clientId)).summary).toBe('First');
    await update({ id: second.id, version: 4, missed: false });
    await callerFor(firm.admin).interactions.delete({ id: second.id });
    expect((await lastContact(clientId)).summary).toBe('First');
    await callerFor(firm.admin).interactions.delete({ id: first.id });
    expect(await lastContact(clientId)).toEqual({ at: undefined, summary: null });
  });

  it('is a conflict over an older version, with the present one', async () => {
    const clientId = await mintClient({ primaryRmId: firm.rm.userId });
    const { log, update, byId } = callerFor(firm.rm).interactions;
    const { id } = await log({ clientId, ...call });
    await update({ id, version: 1, body: 'Mine' });
    await expect(update({ id, version: 1, body: 'Theirs' })).rejects.toMatchObject({
      code: 'CONFLICT',
      cause: { details: { current: { version: 2, body: 'Mine' } } }
    });
    const now = await byId({ id });
    expect(now.history.map(({ action, newValues }) => [action, newValues?.body])).toEqual([
      ['update', 'Mine'],
      ['insert', undefined]
    ]);
  });

  it('keeps the rules of its purpose', async () => {
    const clientId = await mintClient({ primaryRmId: firm.rm.userId });
    const { log, update } = callerFor(firm.rm).interactions;
    const { id } = await log({ clientId, ...call });
    await expect(update({ id, version: 1, purpose: 'new_business' })).rejects.toThrow(/names a product/);
    await expect(update({ id, version: 1, purpose: 'portfolio_review' })).rejects.toThrow(/stays one/);
    await expect(update({ id, version: 1, occurredAt: new Date(Date.now() + 3_600_000) })).rejects.toThrow(
      /future/
    );
    await expect(update({ id, version: 1, occurredAt: new Date('0026-11-21') })).rejects.toMatchObject({
      code: 'BAD_REQUEST'
    });
    await expect(update({ id, version: 1, subject: ' ' })).rejects.toMatchObject({ code: 'BAD_REQUEST' });
    await update({ id, version: 1, purpose: 'new_business', productId: firm.productId });
    await expect(update({ id, version: 2, productId: null })).rejects.toThrow(/names a product/);
  });

  it('takes work of that very client only, and leaves a link that the editor does not see', async () => {
    const clientId = await mintClient({ primaryRmId: firm.rm.userId });
    const other = await mintClient({ primaryRmId: firm.rm.userId });
    const { log, update, byId } = callerFor(firm.rm).interactions;
    const { id } = await log({ clientId, ...call });
    const links = {
      queryId: await mintQuery({ clientId: other, rmId: firm.rm.userId }),
      requestId: await mintRequest({ clientId: other, teamId: firm.teams.ops }),
      leadId: await mintLead({ conversionRmId: firm.rm.userId, clientId: other })
    };
    for (const [name, value] of Object.entries(links))
      await expect(update({ id, version: 1, [name]: value }), name).rejects.toMatchObject({
        code: 'NOT_FOUND'
      });
    const leadId = await mintLead({ conversionRmId: firm.otherRm.userId, clientId });
    await asSystem((tx) => tx.execute(sql`update interactions set lead_id = ${leadId} where id = ${id}`));
    expect((await byId({ id })).lead).toBeNull();
    await update({ id, version: 1, leadId: null, body: 'Changed' });
    expect((await callerFor(firm.admin).interactions.byId({ id })).lead).toMatchObject({ id: leadId });
  });
});

describe('an interaction that is one’s own work', () => {
  it('names neither the client nor the client’s work', async () => {
    const clientId = await mintClient({ primaryRmId: firm.otherRm.userId });
    const queryId = await mintQuery({ clientId, rmId: firm.otherRm.userId });
    const id = await mintInteraction({ clientId, userId: firm.rm.userId, queryId });
    const mine = await callerFor(firm.rm).interactions.byId({ id });
    expect(mine).toMatchObject({ client: null, query: null, user: { id: firm.rm.userId } });
    expect(JSON.stringify(mine.history)).not.toContain('client_id');
    await callerFor(firm.rm).interactions.update({ id, version: 1, body: 'What I remember' });
    const { items } = await callerFor(firm.rm).interactions.list({ filter: { q: mine.subject } });
    expect(items).toMatchObject([{ id, client: null, query: null }]);
  });
});

describe('looking for interactions', () => {
  it('finds words of the subject, only among what one sees', async () => {
    const mine = await mintClient({ primaryRmId: firm.rm.userId });
    const others = await mintClient({ primaryRmId: firm.otherRm.userId });
    const found = await mintInteraction({ clientId: mine, subject: '50%_off Zyzzyva علي 😀' });
    await mintInteraction({ clientId: others, subject: 'Zyzzyva of others' });
    const list = async (q: string) =>
      (await callerFor(firm.rm).interactions.list({ filter: { q } })).items.map(({ id }) => id);
    for (const q of ['zyzzyva', 'ZYZ', 'zy', '50%_', 'علي', '😀']) expect(await list(q), q).toEqual([found]);
    expect(await list('yz')).toEqual([]);
    expect(await list('5__')).toEqual([]);
    const all = await callerFor(firm.admin).interactions.list({ filter: { q: 'zyzzyva' } });
    expect(all.total).toBe(2);
  });

  it('lists from the oldest on, in pages', async () => {
    const clientId = await mintClient({ primaryRmId: firm.rm2.userId });
    const ids: number[] = [];
    for (const days of [5, 3, 3, 1])
      ids.push(await mintInteraction({ clientId, occurredAt: ago(days), direction: 'inbound' }));
    const page = (cursor?: string) =>
      callerFor(firm.rm2).interactions.list({
        filter: { direction: 'inbound' },
        sort: { by: 'occurred', direction: 'asc' },
        limit: 3,
        ...(cursor && { cursor })
      });
    const first = await page();
    const second = await page(first.nextCursor ?? '');
    expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(ids);
    expect(second.nextCursor).toBeNull();
  });
});

describe('what the form is told', () => {
  it('offers the client’s own work, open first, by number and words', async () => {
    const clientId = await mintClient({ primaryRmId: firm.rm.userId });
    const elsewhere = await mintClient({ primaryRmId: firm.rm.userId });
    const open = await mintQuery({ clientId, rmId: firm.rm.userId, subject: 'Where is it?' });
    const done = { status: 'resolved', resolution: 'Sent' } as const;
    const resolved = await mintQuery({ clientId, rmId: firm.rm.userId, subject: 'And this?', ...done });
    await mintQuery({ clientId: elsewhere, rmId: firm.rm.userId });
    const { linkable, context } = callerFor(firm.rm).interactions;
    const ids = async (q?: string) => (await linkable({ clientId, kind: 'query', q })).map(({ id }) => id);
    expect(await ids()).toEqual([open, resolved]);
    expect(await ids('THIS')).toEqual([resolved]);
    expect(await ids('%')).toEqual([]);
    expect(await context({ clientId })).toMatchObject({
      client: { id: clientId },
      missing: { pan: false, accountId: true },
      canComplete: true
    });
    await asSystem((tx) =>
      tx.update(clients).set({ panExemptReason: null, accountId: 'A-1' }).where(eq(clients.id, clientId))
    );
    expect((await context({ clientId })).missing).toEqual({ pan: true, accountId: false });
  });

  it('logs a contact in one line', async () => {
    const clientId = await mintClient({ primaryRmId: firm.rm.userId });
    const { clients: people } = callerFor(firm.rm);
    await people.logContact({ clientId, channel: 'in_person', occurredAt: ago(2) });
    expect((await people.byId({ id: clientId })).lastContactSummary).toBe('Meeting');
    await people.logContact({ clientId, channel: 'whatsapp', summary: 'Sent the statement' });
    expect((await people.byId({ id: clientId })).lastContactSummary).toBe('Sent the statement');
    await expect(people.logContact({ clientId, channel: 'note' as never })).rejects.toMatchObject({
      code: 'BAD_REQUEST'
    });
  });

  it('keeps long and odd words as they are', async () => {
    const clientId = await mintClient({ primaryRmId: firm.rm.userId });
    const { log, byId } = callerFor(firm.rm).interactions;
    const body = `<script>alert(1)</script> مرحبا 😀\n${'x'.repeat(10_000)}`;
    const { id } = await log({ clientId, ...call, body });
    expect((await byId({ id })).body).toBe(body);
    await expect(log({ clientId, ...call, body: 'x'.repeat(20_001) })).rejects.toMatchObject({
      code: 'BAD_REQUEST'
    });
    await expect(log({ clientId, ...call, occurredAt: new Date('nonsense') })).rejects.toMatchObject({
      code: 'BAD_REQUEST'
    });
  });
});
