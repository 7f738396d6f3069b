import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { clientTags, clients } from '#lib/clients/schema.server.ts';
import { startClocks } from '#lib/clocks/commands.server.ts';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import { asSystem } from '#lib/platform/db/transactions.server.ts';
import { callerFor } from '#lib/platform/trpc/caller.server.ts';
import { mintClient, mintRequest } from '../support/records.ts';
import { firm, useTestFirm } from '../support/test-firm.ts';
import { at, clockOf, drain, mintPolicy } from '../support/work-clocks.ts';

useTestFirm();

/** A request in the queue of operations, whose client became gold and then part of a family. */
async function moved() {
  await mintPolicy({ key: 'Requests', kind: 'request', hours: 17 });
  await mintPolicy({ key: 'First', kind: 'request', hours: 5, when: { clientTier: 'gold' } });
  await mintPolicy({ key: 'Sooner', kind: 'request', hours: 3, when: { clientTag: 'family' } });
  const clientId = await mintClient({ primaryRmId: firm.rm.userId });
  const id = await mintRequest({ clientId, teamId: firm.teams.ops });
  const subject = { kind: 'request' as const, id, clientId, requestTypeId: firm.requestTypeId };
  await asSystem((tx) => startClocks(tx, { ...subject, priority: 'normal' }, { at: at('16T10:00') }));
  const by = { onBehalfOf: firm.rmHead.userId };
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
