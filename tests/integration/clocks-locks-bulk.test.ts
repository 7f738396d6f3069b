import { expect, test } from 'vitest';
import { startClocks } from '#lib/clocks/commands.server.ts';
import { asSystem } from '#lib/platform/db/transactions.server.ts';
import { callerFor } from '#lib/platform/trpc/caller.server.ts';
import { recompute } from '#lib/policies/recompute.server.ts';
import { firm, superuser, useTestFirm } from '../support/test-firm.ts';
import { until } from '../support/until.ts';
import { at, clockOf, mintPolicy, newQuery } from '../support/work-clocks.ts';

useTestFirm();

const waiters = async () =>
  (
    await superuser`select 1 from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock'`
  ).length;

test('many that get another priority, and clocks that follow their calendar, both come to an end', async () => {
  await mintPolicy({ key: 'any', kind: 'query', hours: 40 });
  const { versionId } = await mintPolicy({
    key: 'urgent',
    kind: 'query',
    hours: 4,
    when: { priority: 'urgent' }
  });
  const [first, second] = [await newQuery(firm.rm.userId), await newQuery(firm.rm.userId)];
  // Their clocks in the other order.
  for (const { subject } of [second, first])
    await asSystem((tx) => startClocks(tx, subject, { at: at('16T10:00') }));
  await superuser`delete from clock_refresh`;
  const [asked] = await superuser<{ id: number }[]>`
    insert into clock_recomputes (what, calendar_id, total) select 'Changed', min(id), 2 from calendars
    returning id::int as id`;
  let both: Promise<unknown[]> = Promise.resolve([]);
  await superuser.begin(async (person) => {
    await person`select 1 from queries where id = ${second.id} for update`;
    const many = callerFor(firm.rm).queries.prioritise({ ids: [second.id, first.id], priority: 'urgent' });
    await until(async () => (await waiters()) === 1);
    both = Promise.all([many, recompute(asked?.id ?? 0)]);
    await until(async () => (await waiters()) === 2);
  });
  expect(await both).toHaveLength(2);
  for (const { id } of [first, second])
    expect(await clockOf('query', id)).toMatchObject({ policyVersionId: versionId, dueAt: at('16T14:00') });
  expect(await superuser`select error from clock_recomputes`).toMatchObject([{ error: null }]);
});
