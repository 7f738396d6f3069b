import { beforeAll, expect, test } from 'vitest';
import { startClocks } from '#lib/clocks/commands.server.ts';
import { asSystem } from '#lib/platform/db/transactions.server.ts';
import { callerFor } from '#lib/platform/trpc/caller.server.ts';
import { unsay } from '../support/answers.ts';
import { mintClient, mintInteraction, mintRequest } from '../support/records.ts';
import { firm, useTestFirm } from '../support/test-firm.ts';
import { at, clockOf, drain, handsOf, mintPolicy, newQuery } from '../support/work-clocks.ts';

useTestFirm();

beforeAll(async () => {
  for (const kind of ['query', 'request'] as const)
    await mintPolicy({
      key: `answers to a ${kind}`,
      kind,
      hours: 400,
      targets: ['first_response', 'next_response']
    });
});

async function answered(kind: 'query' | 'request') {
  const query = kind === 'query' ? await newQuery(firm.rm.userId) : null;
  const clientId = query?.clientId ?? (await mintClient({ primaryRmId: firm.rm.userId }));
  const assigned = { assigneeId: firm.ops.userId, teamId: firm.teams.ops };
  const id = query?.id ?? (await mintRequest({ clientId, ...assigned }));
  const who = { userId: firm.rm.userId, loggedById: firm.rm.userId };
  const say = (direction: 'inbound' | 'outbound', wall: string) =>
    mintInteraction({
      ...{ clientId, direction, occurredAt: at(wall), channel: 'email', ...who },
      ...(kind === 'query' ? { queryId: id } : { requestId: id })
    });
  await asSystem((tx) => startClocks(tx, { kind, id, clientId, priority: 'normal' }, { at: at('16T10:00') }));
  await say('outbound', '16T10:30');
  await drain();
  await say('inbound', '16T11:00');
  await drain();
  const answer = await say('outbound', '16T12:00');
  await drain();
  return { id, answer };
}

const kindsOf = async (clockId: number) => (await handsOf(clockId)).map(({ kind }) => kind);

test('a response that alone is promised waited with the work after its answer that is taken back', async () => {
  const { id, answer } = await answered('query');
  const api = callerFor(firm.rm).queries;
  await api.start({ id });
  await api.wait({ id, waitingOn: 'client', reason: 'Which folio?' });
  await unsay(answer);
  const clock = await clockOf('query', id, 'next_response');
  expect(clock).toMatchObject({ state: 'paused', dueAt: null });
  expect(await kindsOf(clock.id)).toEqual(['ours', 'ours', 'client']);
  const { words } = await callerFor(firm.rm).clocks.explain({ id: clock.id });
  expect(words.join(' ')).toMatch(/it waits for the client \(.+: Which folio\?\)/);
});

test('and went on when the work did, on requests too', async () => {
  const { id, answer } = await answered('request');
  const api = callerFor(firm.ops).requests;
  await api.start({ id });
  await api.wait({ id, waitingOn: 'third_party', waitingParty: 'registrar', reason: 'Sent on' });
  await api.resume({ id });
  await unsay(answer);
  const clock = await clockOf('request', id, 'next_response');
  expect(clock).toMatchObject({ state: 'running' });
  expect(await kindsOf(clock.id)).toEqual(['ours', 'ours', 'third_party', 'ours']);
});
