import { sql } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { asSystem } from '#lib/platform/db/transactions.server.ts';
import { effectOf } from '#lib/policies/effect.server.ts';
import { api, waiting } from '../support/policy-forms.ts';
import {
  clockOf,
  days,
  draft,
  followedPolicy,
  open,
  typeId,
  useRequestType
} from '../support/policy-changes.ts';
import { useTestFirm } from '../support/test-firm.ts';

useTestFirm();
useRequestType();

describe('a change of a policy, before it is saved', () => {
  it('is looked at first: how many, by how much, which; and nothing of the look stays', async () => {
    const id = await followedPolicy();
    const requests = [await open(), await open(), await open()];
    const before = await clockOf(requests[0] ?? 0);
    const { version } = await api().byId({ id });
    const { subjectKind: _, ...fields } = draft({ targets: days(1) });
    const { effect } = await api().update({ ...fields, id, version, dryRun: true });
    expect(effect).toMatchObject({
      exact: true,
      later: null,
      overdue: 0,
      ends: 0,
      begins: 0,
      comes: [],
      leaves: []
    });
    expect(effect?.earlier).toMatchObject({ clocks: 3 });
    expect(effect?.earlier?.least).toBeGreaterThanOrEqual(2 * 24 * 3_600_000 - 60_000);
    expect(effect?.examples.map((one) => one.id).sort()).toEqual(requests.toSorted());
    expect(effect?.examples[0]?.title).toMatch(/^SR-\d+ Type/);
    expect(await clockOf(requests[0] ?? 0)).toEqual(before);
    expect(await api().byId({ id })).toMatchObject({ version, versions: [{ version: 1 }] });
    expect(await waiting()).toEqual([]);
  });

  it('says which would be overdue at once', async () => {
    const id = await followedPolicy();
    const late = await open();
    await asSystem((tx) =>
      tx.execute(sql`with k as (update clocks set started_at = started_at - interval '2 days'
          where subject_kind = 'request' and subject_id = ${late} returning id)
        update clock_segments g set from_at = from_at - interval '2 days' from k where g.clock_id = k.id`)
    );
    const { version } = await api().byId({ id });
    const targets = [
      {
        ...days(1)[0],
        target: 'resolution' as const,
        amount: 1,
        unit: 'calendar_days' as const
      }
    ];
    const { subjectKind: _, ...fields } = draft({ targets });
    const { effect } = await api().update({ ...fields, id, version, dryRun: true });
    expect(effect).toMatchObject({ overdue: 1, relieved: 0, earlier: { clocks: 1 } });
  });

  it('says which would no longer be overdue, apart from those of which nothing is promised', async () => {
    const id = await followedPolicy({ targets: days(1) });
    const requests = [await open(), await open()];
    await asSystem((tx) =>
      tx.execute(sql`with k as (update clocks set started_at = started_at - interval '20 days',
            due_at = due_at - interval '20 days'
          where subject_kind = 'request' and subject_id in (${requests[0]}, ${requests[1]}) and target = 'resolution'
          returning id)
        update clock_segments g set from_at = from_at - interval '20 days' from k where g.clock_id = k.id`)
    );
    await open();
    const { version } = await api().byId({ id });
    const { subjectKind: _, ...fields } = draft({ targets: days(60) });
    const { effect } = await api().update({ ...fields, id, version, dryRun: true });
    expect(effect).toMatchObject({ overdue: 0, relieved: 2, later: { clocks: 3 } });
  });

  it('looks at a sample where there are many, and says so', async () => {
    await followedPolicy();
    for (let n = 0; n < 8; n++) await open();
    const [policy] = (await api().list()).items.filter((one) => one.requestTypeId === typeId);
    const effect = await asSystem((tx) =>
      effectOf(tx, { policyId: policy?.id ?? 0, what: '' }, { most: 4, stretch: 2 })
    );
    expect(effect).toMatchObject({ exact: false, looked: 4 });
    expect(effect?.running).toBeGreaterThanOrEqual(8);
  });
});
