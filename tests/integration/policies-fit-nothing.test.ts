import { sql } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { doubtsOf } from '#lib/policies/policy-words.ts';
import { asSystem } from '#lib/platform/db/transactions.server.ts';
import { api, newPolicy, step, usePolicyForms } from '../support/policy-forms.ts';
import { mintClient, mintQuery, mintRequest } from '../support/records.ts';
import { firm, useTestFirm } from '../support/test-firm.ts';

useTestFirm();
usePolicyForms();

const contact = {
  ...{ subjectKind: 'client' as const, steps: [step({ target: 'contact' as const })] },
  targets: [{ target: 'contact' as const, amount: 30, unit: 'calendar_days' as const }]
};

/** What is said of it in the list and on its page, which is the same. */
async function doubts({ id }: { id: number }): Promise<string[]> {
  const listed = (await api().list()).items.find((policy) => policy.id === id);
  const page = await api().byId({ id });
  if (!listed) throw new Error('It is not listed');
  expect(doubtsOf(listed, 'client')).toEqual(doubtsOf(page, 'client'));
  return doubtsOf(page, 'client');
}

async function tiers(): Promise<[string, string]> {
  const rows = await asSystem((tx) =>
    tx.execute<{ key: string }>(
      sql`select key from list_items where list = 'client_tier' and active order by position`
    )
  );
  return [rows[0]?.key ?? '', rows[1]?.key ?? ''];
}

describe('a policy that fits nothing today', () => {
  it('is told of with a tier that no client has, until one has it', async () => {
    const [clientTier] = await tiers();
    const policy = await newPolicy({ ...contact, clientTier });
    expect(await doubts(policy)).toEqual(['Fits no client today, but may fit later ones']);
    const archived = await mintClient({ primaryRmId: firm.rm.userId, tier: clientTier });
    await asSystem((tx) => tx.execute(sql`update clients set lifecycle = 'archived' where id = ${archived}`));
    expect(await doubts(policy)).toHaveLength(1);
    await mintClient({ primaryRmId: firm.rm.userId, tier: clientTier });
    expect(await doubts(policy)).toEqual([]);
  });

  it('is told of with a combination that no open work has', async () => {
    const [, clientTier] = await tiers();
    const urgent = { clientTier, priority: 'urgent' as const };
    const requests = await newPolicy({ ...urgent, teamId: firm.teams.ops });
    const queries = await newPolicy({ ...urgent, subjectKind: 'query' });
    const clientId = await mintClient({ primaryRmId: firm.rm.userId, tier: clientTier });
    const query = { clientId, rmId: firm.rm.userId };
    await mintRequest({ clientId, teamId: firm.teams.ops, priority: 'low' });
    await mintRequest({ clientId, teamId: firm.teams.otherOps, priority: 'urgent' });
    await mintQuery({ ...query, priority: 'low' });
    await mintQuery({ ...query, priority: 'urgent', status: 'closed', resolution: 'Done' });
    expect(await doubts(requests)).toEqual(['Fits no open request today, but may fit later ones']);
    expect(await doubts(queries)).toEqual(['Fits no open query today, but may fit later ones']);
    await mintRequest({ clientId, teamId: firm.teams.ops, priority: 'urgent' });
    await mintQuery({ ...query, priority: 'urgent' });
    expect([await doubts(requests), await doubts(queries)]).toEqual([[], []]);
  });

  it('goes by a tag and a tier of the same client', async () => {
    const [clientTier, other] = await tiers();
    const policy = await newPolicy({ ...contact, clientTier, clientTag: 'yacht' });
    const tagged = await mintClient({ primaryRmId: firm.rm.userId, tier: other });
    const tag = (id: number) =>
      asSystem((tx) => tx.execute(sql`insert into client_tags (client_id, tag) values (${id}, 'yacht')`));
    await tag(tagged);
    expect(await doubts(policy)).toEqual(['Fits no client today, but may fit later ones']);
    await tag(await mintClient({ primaryRmId: firm.rm.userId, tier: clientTier }));
    expect(await doubts(policy)).toEqual([]);
  });

  it('is not told of where each new record may fit, where more is amiss, or out of use', async () => {
    expect(await doubts(await newPolicy({ priority: 'high' }))).toEqual([]);
    const gone = await newPolicy({ clientTag: 'nobody has this one' });
    expect(await doubts(gone)).toEqual(['Matches nothing now: no client has this tag']);
    const [clientTier] = await tiers();
    const unused = await newPolicy({ clientTier, priority: 'high' });
    await api().setActive({ id: unused.id, version: unused.version, active: false });
    expect(await doubts(unused)).toEqual([]);
  });
});
