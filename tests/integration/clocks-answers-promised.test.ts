import { eq } from 'drizzle-orm';
import { beforeAll, expect, test } from 'vitest';
import { policies } from '#lib/clocks/policy-schema.server.ts';
import { clockRefresh } from '#lib/clocks/schema.server.ts';
import { clients } from '#lib/clients/schema.server.ts';
import { asSystem } from '#lib/platform/db/transactions.server.ts';
import { mintInteraction } from '../support/records.ts';
import { firm, useTestFirm } from '../support/test-firm.ts';
import { at, clocksOf, drain, mintPolicy, newQuery } from '../support/work-clocks.ts';

useTestFirm();

let inUseLater = 0;
let widened = 0;

beforeAll(async () => {
  const promise = async (clientTier: string, nothing = false, active = true) => {
    const targets = nothing ? [] : ['next_response' as const];
    const key = `${clientTier} ${String(nothing)}`;
    return (await mintPolicy({ key, kind: 'query', hours: 4, targets, when: { clientTier, active } })).id;
  };
  for (const tier of ['silver', 'platinum', 'bronze']) await promise(tier, true);
  await promise('gold');
  inUseLater = await promise('platinum', false, false);
  widened = await promise('nobody');
});

/** A query on which nothing is promised: it was answered, and so was a question that followed. */
async function answeredQuery(tier: string) {
  const { id, clientId } = await newQuery(firm.rm.userId, { tier });
  const said = [
    ['outbound', '11:00'],
    ['inbound', '12:00'],
    ['outbound', '13:00']
  ] as const;
  for (const [direction, hours] of said)
    await mintInteraction({
      ...{ clientId, queryId: id, direction, occurredAt: at(`16T${hours}`) },
      ...{ channel: 'email', userId: firm.rm.userId }
    });
  await drain();
  expect(await clocksOf('query', id)).toEqual([]);
  return { id, clientId };
}

const change = (id: number, values: Partial<typeof policies.$inferInsert>) =>
  asSystem((tx) => tx.update(policies).set(values).where(eq(policies.id, id)));

async function lookAgain(subjectId: number) {
  await asSystem((tx) => tx.insert(clockRefresh).values({ subjectKind: 'query', subjectId }));
  await drain();
  return clocksOf('query', subjectId);
}

test('what was answered before the client became one of those to whom it is promised is not promised', async () => {
  const { id, clientId } = await answeredQuery('silver');
  await asSystem((tx) => tx.update(clients).set({ tier: 'gold' }).where(eq(clients.id, clientId)));
  await drain();
  expect(await clocksOf('query', id)).toEqual([]);
});

test('nor what was answered before the policy was taken into use', async () => {
  const { id } = await answeredQuery('platinum');
  await change(inUseLater, { active: true });
  expect(await lookAgain(id)).toEqual([]);
});

test('nor what was answered before the policy was made to fit it', async () => {
  const { id } = await answeredQuery('bronze');
  await change(widened, { clientTier: 'bronze' });
  expect(await lookAgain(id)).toEqual([]);
});
