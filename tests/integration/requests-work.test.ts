import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sql } from 'drizzle-orm';
import { asSystem, closeDatabase } from '#lib/platform/db/transactions.server.ts';
import { callerFor } from '#lib/platform/trpc/caller.server.ts';
import { useTestDatabase, type TestDatabase } from '../support/database.ts';
import { makeFirm, type TestFirm } from '../support/firm.ts';
import { bankDetails, mintClient, mintRequest } from '../support/records.ts';

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

const states = (id: number) =>
  asSystem(async (tx) => {
    const rows = await tx.execute<{ state: string }>(
      sql`select state from clocks where subject_kind = 'request' and subject_id = ${id} and target = 'resolution' order by round`
    );
    return rows.map(({ state }) => state);
  });

describe('a service request', () => {
  it('is opened by the RM, taken from the queue, waits, and is completed with its checklist', async () => {
    const clientId = await mintClient({ primaryRmId: firm.rm.userId });
    const rm = callerFor(firm.rm);
    const { id } = await rm.requests.open({
      clientId,
      typeId: firm.requestTypeId,
      priority: 'urgent',
      fields: bankDetails
    });
    const opened = await rm.requests.byId({ id });
    expect(opened).toMatchObject({
      status: 'pending',
      assignee: null,
      team: { id: firm.teams.ops },
      can: { start: false, edit: false, comment: true }
    });
    expect(opened.checklist).toHaveLength(3);
    expect(opened.dueAt).toBeInstanceOf(Date);

    const ops = callerFor(firm.ops);
    expect(await ops.requests.takeNext({})).toMatchObject({ id, status: 'in_progress' });
    expect(await ops.requests.takeNext({})).toBeNull();
    expect((await ops.requests.byId({ id })).assignee?.id).toBe(firm.ops.userId);
    await ops.requests.wait({ id, waitingOn: 'client', reason: 'Cheque missing' });
    expect(await states(id)).toEqual(['paused']);
    await ops.requests.wait({ id, waitingOn: 'third_party', reason: 'Registrar' });
    expect(await states(id)).toEqual(['running']);
    await ops.requests.resume({ id });
    await expect(ops.requests.complete({ id })).rejects.toThrow(/Still to do.*Cancelled cheque received/);
    for (const step of [0, 1, 2]) await ops.requests.check({ id, step, done: true });
    expect(await ops.requests.complete({ id, outcome: 'New account on file' })).toMatchObject({
      status: 'completed'
    });
    expect(await states(id)).toEqual(['satisfied']);

    await expect(ops.requests.start({ id })).rejects.toThrow(/is completed.*Possible now: nothing/);
    await expect(ops.requests.reopen({ id, reason: 'x' })).rejects.toMatchObject({ code: 'FORBIDDEN' });
    expect(await ops.requests.byId({ id })).toMatchObject({
      client: { visible: false },
      outcome: 'New account on file'
    });
    expect(await callerFor(firm.opsHead).requests.reopen({ id, reason: 'Wrong bank' })).toMatchObject({
      status: 'in_progress'
    });
    expect(await states(id)).toEqual(['satisfied', 'running']);
  });

  it('is rejected with a reason, and its promise is void', async () => {
    const clientId = await mintClient({ primaryRmId: firm.rm.userId });
    const { id } = await callerFor(firm.rm).requests.open({
      clientId,
      typeId: firm.requestTypeId,
      fields: bankDetails
    });
    const ops = callerFor(firm.ops);
    await expect(ops.requests.reject({ id, reason: ' ' })).rejects.toMatchObject({ code: 'BAD_REQUEST' });
    await ops.requests.reject({ id, reason: 'Withdrawn by the client' });
    expect(await states(id)).toEqual(['cancelled']);
    expect(await callerFor(firm.rm).requests.byId({ id })).toMatchObject({
      rejectionReason: 'Withdrawn by the client'
    });
  });

  it('is opened by operations for any client, seen by name and number, in a team of their own', async () => {
    const clientId = await mintClient({ primaryRmId: firm.rm.userId, name: 'Any Body' });
    const api = callerFor(firm.otherOps);
    const { id } = await api.requests.open({ clientId, typeId: firm.requestTypeId, fields: bankDetails });
    expect(await api.requests.byId({ id })).toMatchObject({
      client: { name: 'Any Body' },
      team: { id: firm.teams.otherOps }
    });
    await expect(
      api.requests.open({
        clientId: await mintClient(),
        typeId: firm.requestTypeId,
        teamId: firm.teams.ops,
        fields: bankDetails
      })
    ).rejects.toThrow(/a team of your own/);
    await expect(
      api.requests.open({ clientId: 999_999, typeId: firm.requestTypeId, fields: bankDetails })
    ).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: 'Not found'
    });
    const hidden = await mintClient({ primaryRmId: firm.otherRm.userId });
    await expect(
      callerFor(firm.rm).requests.open({ clientId: hidden, typeId: firm.requestTypeId, fields: bankDetails })
    ).rejects.toMatchObject({ code: 'NOT_FOUND', message: 'Not found' });
  });

  it('is taken by one person only, most urgent first, however many ask at once', async () => {
    const clientId = await mintClient({ primaryRmId: firm.rm.userId });
    const teamId = firm.teams.otherOps;
    await asSystem((tx) =>
      tx.execute(sql`update service_requests set status = 'completed' where team_id = ${teamId}`)
    );
    const due = (day: number) => new Date(Date.UTC(2026, 10, day));
    const ids: number[] = [];
    for (const day of [9, 3, 5]) ids.push(await mintRequest({ clientId, teamId, dueAt: due(day) }));
    const api = callerFor(firm.otherOps);
    const taken = await Promise.all([0, 1, 2, 3].map(() => api.requests.takeNext({})));
    const got = taken.map((each) => each?.id ?? null);
    expect(new Set(got)).toEqual(new Set([...ids, null]));
    expect((await api.requests.list({ filter: { mine: true, status: ['in_progress'] } })).total).toBe(3);
    await expect(api.requests.takeNext({ teamId: firm.teams.ops })).rejects.toThrow(/your own teams/);
  });

  it('belongs to whoever took it: a colleague of the team sees it and does not touch it', async () => {
    const clientId = await mintClient({ primaryRmId: firm.rm.userId });
    const id = await mintRequest({ clientId, teamId: firm.teams.ops, assigneeId: firm.ops.userId });
    const colleague = callerFor(firm.ops2);
    expect((await colleague.requests.byId({ id })).can).toMatchObject({ start: false, reject: false });
    await expect(colleague.requests.start({ id })).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await expect(callerFor(firm.otherHead).requests.start({ id })).rejects.toMatchObject({
      code: 'FORBIDDEN'
    });
    await expect(callerFor(firm.otherOps).requests.start({ id })).rejects.toMatchObject({
      code: 'NOT_FOUND'
    });
    expect(await callerFor(firm.ops).requests.start({ id })).toMatchObject({ status: 'in_progress' });
  });

  it('is handed to a person or back to the queue by the head, and the person is told', async () => {
    const clientId = await mintClient({ primaryRmId: firm.rm.userId });
    const id = await mintRequest({ clientId, teamId: firm.teams.ops });
    const head = callerFor(firm.opsHead);
    await expect(head.requests.assign({ id, assigneeId: firm.otherOps.userId })).rejects.toMatchObject({
      code: 'FORBIDDEN'
    });
    await head.requests.assign({ id, assigneeId: firm.ops2.userId });
    const told = (await callerFor(firm.ops2).notifications.list({})).items;
    expect(told[0]).toMatchObject({ kind: 'assigned', subjectKind: 'request', subjectId: id });
    await head.requests.assign({ id, assigneeId: null });
    expect(await head.requests.byId({ id })).toMatchObject({ assignee: null, team: { id: firm.teams.ops } });
    await expect(head.requests.assign({ id })).rejects.toThrow(/person or a team/);
    await expect(head.requests.assign({ assigneeId: firm.ops.userId })).rejects.toThrow(/at least one/);
  });
});
