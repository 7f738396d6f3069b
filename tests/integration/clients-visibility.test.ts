import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sql } from 'drizzle-orm';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import { asActor, asSystem, closeDatabase } from '#lib/platform/db/transactions.server.ts';
import { callerFor } from '#lib/platform/trpc/caller.server.ts';
import { useTestDatabase, type TestDatabase } from '../support/database.ts';
import { makeFirm, type TestFirm } from '../support/firm.ts';
import { mintClient, mintHolding, mintInteraction, mintQuery, mintRequest } from '../support/records.ts';

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

type Person =
  'admin' | 'rmHead' | 'otherHead' | 'opsHead' | 'rm' | 'rm2' | 'otherRm' | 'ops' | 'ops2' | 'otherOps';
const PEOPLE: Person[] = [
  'admin',
  'rmHead',
  'otherHead',
  'opsHead',
  'rm',
  'rm2',
  'otherRm',
  'ops',
  'ops2',
  'otherOps'
];

/** Everything that may show a client to somebody, asked of everybody: who got it? */
async function whoSees(clientId: number): Promise<Person[]> {
  const seen: Person[] = [];
  for (const person of PEOPLE) {
    const answers = await everyWay(firm[person], clientId);
    expect(new Set(answers).size, `${person}: ${answers.join()}`).toBe(1);
    if (answers[0]) seen.push(person);
  }
  return seen;
}

async function everyWay(actor: Actor, id: number): Promise<boolean[]> {
  const api = callerFor(actor).clients;
  const [label] = await asSystem((tx) =>
    tx.execute<{ name: string; number: string }>(sql`select name, number from clients where id = ${id}`)
  );
  const { name = '', number = '' } = label ?? {};
  const list = await api.list({ limit: 100 });
  const byNumber = await api.search({ q: number });
  const filtered = await api.list({ filter: { q: name }, sort: { by: 'created', direction: 'desc' } });
  const bare = await asActor(actor, (tx) => tx.execute(sql`select 1 from clients where id = ${id}`));
  expect(list.total).toBe(list.items.length);
  return [
    bare.length > 0,
    list.items.some((item) => item.id === id),
    filtered.items.some((item) => item.id === id),
    byNumber.some((item) => item.id === id),
    await found(api.byId({ id })),
    await found(api.timeline({ clientId: id })),
    (await asActor(actor, (tx) => tx.execute(sql`select 1 from client_access where client_id = ${id}`)))
      .length > 0 ||
      (actor.seesAll && bare.length > 0)
  ];
}

const found = (call: Promise<unknown>) =>
  call.then(
    () => true,
    (error: { code?: string }) => {
      expect(error.code).toBe('NOT_FOUND');
      return false;
    }
  );

const update = (statement: ReturnType<typeof sql>) => asSystem((tx) => tx.execute(statement));

describe('a client is seen', () => {
  it('by nobody but administrators when nobody has it', async () => {
    expect(await whoSees(await mintClient({ name: 'Orphan One' }))).toEqual(['admin']);
  });

  it('by its points of contact and their heads', async () => {
    const id = await mintClient({
      name: 'Shared Two',
      primaryRmId: firm.rm.userId,
      secondaryRmId: firm.otherRm.userId
    });
    expect(await whoSees(id)).toEqual(['admin', 'rmHead', 'otherHead', 'rm', 'otherRm']);
  });

  it('no longer by a former RM', async () => {
    const id = await mintClient({ name: 'Moved Three', primaryRmId: firm.rm.userId });
    await update(sql`update clients set primary_rm_id = ${firm.otherRm.userId} where id = ${id}`);
    expect(await whoSees(id)).toEqual(['admin', 'otherHead', 'otherRm']);
  });

  it('by those who work on it, and their heads, until the work is finished', async () => {
    const id = await mintClient({ name: 'Busy Four', primaryRmId: firm.rm.userId });
    const request = await mintRequest({ clientId: id, assigneeId: firm.ops.userId, teamId: firm.teams.ops });
    const query = await mintQuery({ clientId: id, rmId: firm.otherRm.userId });
    const all = ['admin', 'rmHead', 'otherHead', 'opsHead', 'rm', 'otherRm', 'ops'];
    expect(await whoSees(id)).toEqual(all);
    await update(sql`update service_requests set status = 'completed' where id = ${request}`);
    await update(sql`update queries set status = 'resolved', resolution = 'x' where id = ${query}`);
    expect(await whoSees(id)).toEqual(['admin', 'rmHead', 'rm']);
  });

  it('by the team in whose queue a request waits, until somebody takes it', async () => {
    const id = await mintClient({ name: 'Queued Five', primaryRmId: firm.rm.userId });
    const request = await mintRequest({ clientId: id, teamId: firm.teams.ops });
    expect(await whoSees(id)).toEqual(['admin', 'rmHead', 'opsHead', 'rm', 'ops', 'ops2']);
    await update(sql`update service_requests set assignee_id = ${firm.ops.userId} where id = ${request}`);
    expect(await whoSees(id)).toEqual(['admin', 'rmHead', 'opsHead', 'rm', 'ops']);
  });
});

describe('what is hidden', () => {
  const answerOf = (call: Promise<unknown>) =>
    call.then(
      () => {
        throw new Error('It was found');
      },
      (error: Error & { code: string }) => JSON.stringify({ code: error.code, message: error.message })
    );

  it('is answered byte for byte like what is missing, whatever names it', async () => {
    const hidden = await mintClient({ name: 'Secret Six', primaryRmId: firm.otherRm.userId });
    const own = await mintClient({ primaryRmId: firm.rm.userId });
    const query = await mintQuery({ clientId: hidden, rmId: firm.otherRm.userId });
    const holding = await mintHolding({ clientId: hidden });
    const missing = 999_999_999;
    const api = callerFor(firm.rm);
    const head = callerFor(firm.rmHead);
    const log = { channel: 'call', direction: 'outbound', subject: 'Hello' } as const;
    const ways: ((id: number) => Promise<unknown>)[] = [
      (id) => api.clients.byId({ id }),
      (id) => api.clients.timeline({ clientId: id }),
      (id) => api.clients.update({ id, version: 1, name: 'X' }),
      (id) => head.clients.assign({ id, primaryRmId: firm.rm.userId }),
      (id) => api.clients.revealPan({ id }),
      (id) => api.clients.addNote({ clientId: id, body: 'x' }),
      (id) => api.clients.setTags({ clientId: id, tags: ['x'] }),
      (id) => api.clients.contactPoints.add({ clientId: id, kind: 'email', value: 'a@b.test' }),
      (id) => api.clients.contactPoints.remove({ clientId: id, id: 1 }),
      (id) => api.clients.addresses.add({ clientId: id, city: 'X' }),
      (id) => api.holdings.list({ clientId: id }),
      (id) => api.holdings.add({ clientId: id, productId: firm.productId }),
      (id) => api.interactions.list({ filter: { clientId: id } }),
      (id) => api.interactions.log({ clientId: id, ...log })
    ];
    for (const way of ways) expect(await answerOf(way(hidden))).toBe(await answerOf(way(missing)));
    const nested: ((id: number) => Promise<unknown>)[] = [
      (queryId) => api.interactions.log({ clientId: own, ...log, queryId }),
      (requestId) => api.interactions.log({ clientId: own, ...log, requestId }),
      (leadId) => api.interactions.log({ clientId: own, ...log, leadId }),
      (leadId) => api.holdings.add({ clientId: own, productId: firm.productId, leadId })
    ];
    for (const way of nested) expect(await answerOf(way(query))).toBe(await answerOf(way(missing)));
    expect(await answerOf(api.holdings.update({ id: holding, version: 1 }))).toBe(
      await answerOf(api.holdings.update({ id: missing, version: 1 }))
    );
  });

  it('shows one’s own work on it and never the client behind it', async () => {
    const hidden = await mintClient({ name: 'Secret Seven', primaryRmId: firm.otherRm.userId });
    const holding = await mintHolding({ clientId: hidden, createdById: firm.rm.userId });
    await mintHolding({ clientId: hidden, createdById: firm.otherRm.userId });
    const talk = await mintInteraction({ clientId: hidden, userId: firm.rm.userId });
    await mintInteraction({ clientId: hidden, userId: firm.otherRm.userId });
    const api = callerFor(firm.rm);
    const held = await api.holdings.list({ clientId: hidden });
    expect(held.items).toMatchObject([{ id: holding, client: null }]);
    const said = await api.interactions.list({ filter: { clientId: hidden } });
    expect(said.items).toMatchObject([{ id: talk, client: null }]);
    const everything = await api.interactions.list({});
    expect(everything.items.map((item) => item.id)).toContain(talk);
    expect(JSON.stringify([held, said, everything])).not.toContain('Secret Seven');
  });
});

describe('a client in a queue', () => {
  it('shows no PAN and takes no note before its work is somebody’s', async () => {
    const id = await mintClient({ name: 'Queued Eight', primaryRmId: firm.rm.userId });
    const request = await mintRequest({ clientId: id, teamId: firm.teams.ops });
    const api = callerFor(firm.ops).clients;
    await expect(api.revealPan({ id })).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await expect(api.addNote({ clientId: id, body: 'x' })).rejects.toMatchObject({ code: 'FORBIDDEN' });
    expect((await api.byId({ id })).can).toMatchObject({ edit: false, revealPan: false, addNote: false });
    await update(sql`update service_requests set assignee_id = ${firm.ops.userId} where id = ${request}`);
    expect((await api.byId({ id })).can).toMatchObject({
      edit: false,
      editContactPoints: true,
      revealPan: true,
      addNote: true
    });
    await api.contactPoints.add({ clientId: id, kind: 'phone', value: '9810012345' });
    await expect(api.update({ id, version: 1, name: 'X' })).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });

  it('is found by name and number by those who open requests for anybody', async () => {
    const id = await mintClient({
      name: 'Findable Nine',
      organisation: 'Quiet Co',
      primaryRmId: firm.otherRm.userId
    });
    const minimal = await callerFor(firm.ops).clients.search({ q: 'findable', minimal: true });
    expect(minimal).toMatchObject([{ id, name: 'Findable Nine', organisation: null }]);
    expect(await callerFor(firm.ops).clients.search({ q: 'findable' })).toEqual([]);
    expect(await callerFor(firm.rm).clients.search({ q: 'findable', minimal: true })).toEqual([]);
  });
});
