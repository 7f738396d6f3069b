import { eq, sql } from 'drizzle-orm';
import { beforeAll, expect, test } from 'vitest';
import { clientTags, clients } from '#lib/clients/schema.server.ts';
import { startClocks } from '#lib/clocks/commands.server.ts';
import { serviceRequests } from '#lib/desk/schema.server.ts';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import { asActor, asSystem } from '#lib/platform/db/transactions.server.ts';
import { callerFor } from '#lib/platform/trpc/caller.server.ts';
import { mintClient, mintRequest } from '../support/records.ts';
import { firm, useTestFirm } from '../support/test-firm.ts';
import { at, clockOf, drain, mintPolicy } from '../support/work-clocks.ts';

useTestFirm();

beforeAll(async () => {
  await mintPolicy({ key: 'Requests', kind: 'request', hours: 17 });
  await mintPolicy({ key: 'First', kind: 'request', hours: 5, when: { clientTier: 'gold' } });
  const three = { clientTier: 'silver', priority: 'urgent', clientTag: 'abroad' } as const;
  await mintPolicy({ key: 'All three', kind: 'request', hours: 2, when: three });
  await mintPolicy({ key: 'Sooner', kind: 'request', hours: 3, when: { clientTag: 'family' } });
});

/** A request in the queue of operations that began on a Monday. */
async function begun() {
  const clientId = await mintClient({ primaryRmId: firm.rm.userId });
  const id = await mintRequest({ clientId, teamId: firm.teams.ops });
  const subject = { kind: 'request' as const, id, clientId, requestTypeId: firm.requestTypeId };
  await asSystem((tx) => startClocks(tx, { ...subject, priority: 'normal' }, { at: at('16T10:00') }));
  const by = { onBehalfOf: firm.rmHead.userId };
  return { id, clientId, by };
}

/** The same, whose client became gold and then part of a family. */
async function moved() {
  const { id, clientId, by } = await begun();
  await asSystem((tx) => tx.update(clients).set({ tier: 'gold' }).where(eq(clients.id, clientId)), by);
  await drain();
  await asSystem((tx) => tx.insert(clientTags).values({ clientId, tag: 'family' }), by);
  await drain();
  return { id, clientId, clock: await clockOf('request', id) };
}

/** Both ways to the explanation of the clock. */
async function told(reader: Actor, { id, clock }: { id: number; clock: { id: number } }) {
  const api = callerFor(reader).clocks;
  const both = [await api.explain({ id: clock.id }), ...(await api.forSubject({ kind: 'request', id }))];
  return both.map(({ words }) => words.join(' '));
}

async function expectUntold(reader: Actor, request: Awaited<ReturnType<typeof moved>>) {
  const seen = callerFor(reader).clients.byId({ id: request.clientId });
  await expect(seen).rejects.toMatchObject({ code: 'NOT_FOUND' });
  for (const words of await told(reader, request)) {
    expect(words).not.toMatch(/gold|family|tier|tag /);
    expect(words.match(/Another policy came to hold on /g)).toHaveLength(2);
  }
}

test('why a due time moved tells a client’s tier and tags to those alone who see the client', async () => {
  const request = await moved();
  for (const words of await told(firm.rm, request)) {
    expect(words).toContain('tier from none to gold');
    expect(words).toContain('the tag family');
  }
  await expectUntold(firm.otherHead, request);
  await callerFor(firm.opsHead).requests.reject({ id: request.id, reason: 'Withdrawn' });
  await expectUntold(firm.ops, request);
});

/** All that Postgres itself shows of why the due time moved. */
const bareRows = async (reader: Actor, clockId: number) => {
  const { moves, reasons } = await asActor(reader, async (tx) => ({
    moves: await tx.execute(sql`select m::text as row from clock_moves m where clock_id = ${clockId}`),
    reasons: await tx.execute(sql`select r::text as row from clock_move_client_reasons r
      join clock_moves m on m.id = r.move_id where m.clock_id = ${clockId}`)
  }));
  return { moves: moves.length, text: JSON.stringify([...moves, ...reasons]) };
};

test('the database itself shows those reasons to those alone who see the client', async () => {
  const { id, clock } = await moved();
  const whole = await bareRows(firm.rm, clock.id);
  expect(whole).toMatchObject({ moves: 2, text: expect.stringMatching(/gold.*family/s) as string });
  const untold = { moves: 2, text: expect.not.stringMatching(/gold|family|tier|tags/) as string };
  expect(await bareRows(firm.otherHead, clock.id)).toMatchObject(untold);
  await callerFor(firm.opsHead).requests.reject({ id, reason: 'Withdrawn' });
  expect(await bareRows(firm.ops, clock.id)).toMatchObject(untold);
});

test('all reasons of one move are told in the order in which they came', async () => {
  const { id, clientId, by } = await begun();
  await asSystem(async (tx) => {
    await tx.update(clients).set({ tier: 'silver' }).where(eq(clients.id, clientId));
    await tx.update(serviceRequests).set({ priority: 'urgent' }).where(eq(serviceRequests.id, id));
    await tx.insert(clientTags).values({ clientId, tag: 'abroad' });
  }, by);
  await drain();
  const clock = await clockOf('request', id);
  for (const words of await told(firm.rm, { id, clock }))
    expect(words).toMatch(/tier from none to silver .* priority from normal to urgent .* the tag abroad/);
  for (const words of await told(firm.otherHead, { id, clock })) {
    expect(words).toContain('priority from normal to urgent');
    expect(words).not.toMatch(/silver|abroad/);
  }
});
