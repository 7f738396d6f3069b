import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sql } from 'drizzle-orm';
import { closeResolvedQueries } from '#lib/desk/query-commands.server.ts';
import { asSystem, closeDatabase } from '#lib/platform/db/transactions.server.ts';
import { callerFor } from '#lib/platform/trpc/caller.server.ts';
import { useTestDatabase, type TestDatabase } from '../support/database.ts';
import { makeFirm, type TestFirm } from '../support/firm.ts';
import { mintClient, mintQuery } from '../support/records.ts';

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

const clocksOf = (id: number) =>
  asSystem(async (tx) => [
    ...(await tx.execute<{ state: string; round: number }>(
      sql`select state, round from clocks where subject_kind = 'query' and subject_id = ${id} and target = 'resolution' order by round`
    ))
  ]);

const states = async (id: number) => (await clocksOf(id)).map(({ state }) => state);

describe('a query', () => {
  it('goes to the client’s primary RM, waits, is resolved, reopened and closed, with its clocks', async () => {
    const clientId = await mintClient({ primaryRmId: firm.rm.userId });
    const api = callerFor(firm.rm);
    const { id } = await api.queries.open({ clientId, subject: 'Where is my statement?' });
    expect(await api.queries.byId({ id })).toMatchObject({ rm: { id: firm.rm.userId }, status: 'open' });
    expect((await api.queries.byId({ id })).dueAt).toBeInstanceOf(Date);
    expect(await states(id)).toEqual(['running']);

    await expect(api.queries.wait({ id, waitingOn: 'client', reason: 'x' })).rejects.toThrow(
      /is open, so “wait” is not possible. Possible now: start, resolve\./
    );
    await api.queries.start({ id });
    await expect(api.queries.resume({ id })).rejects.toThrow(/not possible/);
    await api.queries.wait({ id, waitingOn: 'client', reason: 'Folio number' });
    expect(await states(id)).toEqual(['paused']);
    expect(await api.queries.byId({ id })).toMatchObject({
      waitingOn: 'client',
      dueAt: null,
      can: { resume: true }
    });
    await api.queries.resume({ id });
    expect(await states(id)).toEqual(['running']);

    const resolved = await api.queries.resolve({ id, resolution: 'Sent by mail' });
    expect(resolved.status).toBe('resolved');
    expect(await states(id)).toEqual(['satisfied']);
    await api.queries.reopen({ id, reason: 'Never arrived' });
    expect(await states(id)).toEqual(['satisfied', 'running']);
    const reopened = await api.queries.byId({ id });
    expect(reopened.comments[0]).toMatchObject({
      body: 'Reopened: Never arrived',
      author: { id: firm.rm.userId }
    });

    await api.queries.resolve({ id, resolution: 'Handed over' });
    await api.queries.close({ id });
    expect((await api.queries.byId({ id })).can).toMatchObject({ reopen: false, edit: false });
    await expect(api.queries.reopen({ id, reason: 'Again' })).rejects.toThrow(/is closed/);
    expect(await callerFor(firm.rmHead).queries.reopen({ id, reason: 'Again' })).toMatchObject({
      status: 'in_progress'
    });
  });

  it('stays with whoever resolved it, by the client’s name, when the client is another’s', async () => {
    const clientId = await mintClient({ primaryRmId: firm.rm.userId, name: 'Borrowed Client' });
    const id = await mintQuery({ clientId, rmId: firm.rm.userId });
    await callerFor(firm.rmHead).queries.assign({ id, rmId: firm.rm2.userId });
    const second = callerFor(firm.rm2);
    expect(await second.clients.byId({ id: clientId })).toMatchObject({ id: clientId });
    await second.queries.resolve({ id, resolution: 'Explained' });
    await expect(second.clients.byId({ id: clientId })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await second.queries.byId({ id })).toMatchObject({
      client: { name: 'Borrowed Client', visible: false },
      firstRespondedAt: expect.any(Date) as Date
    });
  });

  it('is opened for one’s own clients; a hidden client and a missing one are answered alike', async () => {
    const hidden = await mintClient({ primaryRmId: firm.otherRm.userId });
    for (const clientId of [hidden, 999_999]) {
      const answer = callerFor(firm.rm).queries.open({ clientId, subject: 'Peek' });
      await expect(answer).rejects.toMatchObject({ code: 'NOT_FOUND', message: 'Not found' });
    }
  });

  it('is handed on by heads within their teams, and the new RM is told, never the one who did it', async () => {
    const clientId = await mintClient({ primaryRmId: firm.rm.userId });
    const ids = [
      await mintQuery({ clientId, rmId: firm.rm.userId }),
      await mintQuery({ clientId, rmId: firm.rm.userId })
    ];
    await expect(callerFor(firm.rm).queries.assign({ ids, rmId: firm.rm2.userId })).rejects.toMatchObject({
      code: 'FORBIDDEN'
    });
    const head = callerFor(firm.rmHead);
    await expect(head.queries.assign({ ids, rmId: firm.otherRm.userId })).rejects.toMatchObject({
      code: 'FORBIDDEN'
    });
    await head.queries.assign({ ids, rmId: firm.rmHead.userId });
    expect((await head.notifications.list({})).items).toEqual([]);
    await head.queries.assign({ ids, rmId: firm.rm2.userId });
    const told = (await callerFor(firm.rm2).notifications.list({})).items;
    expect(told.filter(({ subjectId }) => ids.includes(subjectId ?? 0))).toHaveLength(2);
  });

  it('closes by itself seven days after it was resolved', async () => {
    const clientId = await mintClient({ primaryRmId: firm.rm.userId });
    const days = (n: number) => new Date(Date.now() - n * 86_400_000);
    const resolved = { clientId, rmId: firm.rm.userId, status: 'resolved' as const, resolution: 'Done' };
    const old = await mintQuery({ ...resolved, resolvedAt: days(8) });
    const young = await mintQuery({ ...resolved, resolvedAt: days(6) });
    expect(await asSystem((tx) => closeResolvedQueries(tx))).toBe(1);
    const status = async (id: number) => (await callerFor(firm.rm).queries.byId({ id })).status;
    expect([await status(old), await status(young)]).toEqual(['closed', 'resolved']);
    expect(await asSystem((tx) => closeResolvedQueries(tx))).toBe(0);
  });

  it('shows the present row to somebody who saved an older one', async () => {
    const clientId = await mintClient({ primaryRmId: firm.rm.userId });
    const id = await mintQuery({ clientId, rmId: firm.rm.userId });
    const api = callerFor(firm.rm);
    await api.queries.update({ id, version: 1, priority: 'high', details: '' });
    await expect(api.queries.update({ id, version: 1, subject: 'Mine' })).rejects.toMatchObject({
      code: 'CONFLICT',
      cause: { details: { current: { version: 2, priority: 'high' } } }
    });
  });
});

describe('comments', () => {
  it('are read and written by whoever sees the record, and by nobody else', async () => {
    const clientId = await mintClient({ primaryRmId: firm.rm.userId });
    const subjectId = await mintQuery({ clientId, rmId: firm.rm.userId });
    const about = { subjectKind: 'query' as const, subjectId };
    await callerFor(firm.rm).comments.add({ ...about, body: 'Asked <b>them</b>' });
    await callerFor(firm.rmHead).comments.add({ ...about, body: 'Good' });
    const page = await callerFor(firm.rm).comments.list({ filter: about, limit: 1 });
    expect(page).toMatchObject({ total: 2, items: [{ body: 'Good' }] });
    const next = await callerFor(firm.rm).comments.list({
      filter: about,
      limit: 1,
      cursor: page.nextCursor ?? ''
    });
    expect(next).toMatchObject({ items: [{ body: 'Asked <b>them</b>' }], nextCursor: null });
    const other = callerFor(firm.otherRm);
    expect((await other.comments.list({ filter: about })).total).toBe(0);
    await expect(other.comments.add({ ...about, body: 'Hello' })).rejects.toMatchObject({
      code: 'NOT_FOUND'
    });
  });
});
