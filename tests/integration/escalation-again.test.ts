import { sql } from 'drizzle-orm';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { replan } from '#lib/clocks/clock-writes.server.ts';
import { startClocks } from '#lib/clocks/commands.server.ts';
import { lockOpenClocks } from '#lib/clocks/open-clocks.server.ts';
import type { Priority } from '#lib/desk/model.ts';
import { asSystem } from '#lib/platform/db/transactions.server.ts';
import { callerFor } from '#lib/platform/trpc/caller.server.ts';
import { sweepClocks } from '../../workers/escalation.ts';
import { LADDER, letPass, promise } from '../support/promised-ladders.ts';
import { mintClient, mintQuery } from '../support/records.ts';
import { firm, superuser, useTestFirm } from '../support/test-firm.ts';

useTestFirm();

const HOUR = 3_600_000;

let clientId: number;

/** Every hour is worked, so that it matters to no test when it runs. */
beforeAll(async () => {
  clientId = await mintClient({ primaryRmId: firm.rm.userId, name: 'Meera Shah' });
  await superuser`delete from calendar_holidays`;
  await superuser`delete from calendar_windows`;
  await superuser`insert into calendar_windows (calendar_id, weekday, opens, closes)
    select id, day, '00:00', '24:00' from calendars cross join generate_series(1, 7) day`;
  await superuser`update calendars set version = version + 1`;
});

beforeEach(async () => {
  await superuser`truncate clocks, notifications, mail_outbox, job_outbox, clock_refresh restart identity cascade`;
  await superuser`update policies set active = false where subject_kind = 'query'`;
  await superuser`delete from calendar_holidays`;
  await superuser`update calendars set version = version + 1`;
});

/** A query that was opened so many hours ago. */
async function opened(priority: Priority, hoursAgo: number): Promise<number> {
  const id = await mintQuery({ clientId, rmId: firm.rm.userId, priority });
  const at = new Date(Date.now() - hoursAgo * HOUR);
  await asSystem((tx) => startClocks(tx, { kind: 'query', id, clientId, priority }, { at }));
  return id;
}

async function prioritise(id: number, priority: Priority): Promise<void> {
  const { queries } = callerFor(firm.rmHead);
  const { version } = await queries.byId({ id });
  await queries.update({ id, version, priority });
}
const replanned = (id: number) =>
  asSystem(async (tx) => replan(tx, await lockOpenClocks(tx, { kind: 'query', id })));

const carried = async () =>
  (await superuser<{ key: string }[]>`select step_key as key from escalations order by id`).map(
    ({ key }) => key
  );
const heard = async (person: { userId: number }) =>
  (await superuser`select 1 from notifications where user_id = ${person.userId}`).length;
const clockOf = async (id: number) => {
  const [clock] = await superuser`
    select due_at > now() as ahead, breached_at, next_action_at from clocks
    where subject_kind = 'query' and subject_id = ${id}`;
  return clock;
};
const priorityOf = async (id: number) =>
  (await superuser<{ priority: string }[]>`select priority from queries where id = ${id}`)[0]?.priority;

describe('a promise whose due time moves ahead after it broke', () => {
  test('by another priority is told again when it breaks again', async () => {
    await promise('high', 4, LADDER);
    await promise('normal', 20, LADDER);
    const id = await opened('high', 9);
    await sweepClocks();
    expect(await carried()).toEqual(['breach', 'administrators']);
    await prioritise(id, 'normal');
    expect(await clockOf(id)).toMatchObject({ ahead: true, breached_at: null });
    await sweepClocks();
    expect(await carried()).toHaveLength(2);

    await letPass(12);
    await sweepClocks();
    await sweepClocks();
    expect(await carried()).toEqual(['breach', 'administrators', 'breach']);
    expect([await heard(firm.rmHead), await heard(firm.admin)]).toEqual([2, 1]);
    await letPass(4);
    await sweepClocks();
    expect([await heard(firm.rmHead), await heard(firm.admin)]).toEqual([2, 2]);
  });

  test('by a holiday that was forgotten, too', async () => {
    await promise('normal', 4, LADDER);
    const id = await opened('normal', 5);
    await sweepClocks();
    expect(await carried()).toEqual(['breach']);
    await superuser`insert into calendar_holidays (calendar_id, on_date, name)
      select c.id, (now() at time zone c.time_zone)::date + n, 'Forgotten' from calendars c cross join generate_series(-1, 0) n`;
    await superuser`update calendars set version = version + 1`;
    await replanned(id);
    expect(await clockOf(id)).toMatchObject({ ahead: true, breached_at: null });
    await letPass(48);
    await sweepClocks();
    expect(await carried()).toEqual(['breach', 'breach', 'administrators']);
  });

  test('is not told again where the change is taken back, or where it was due between then and now', async () => {
    await promise('high', 4, LADDER);
    await promise('normal', 20, LADDER);
    await promise('low', 8, LADDER);
    const id = await opened('high', 5);
    await sweepClocks();
    await prioritise(id, 'normal');
    await prioritise(id, 'high');
    await sweepClocks();
    expect(await carried()).toEqual(['breach']);

    await letPass(6);
    await prioritise(id, 'low');
    await sweepClocks();
    expect(await carried()).toEqual(['breach']);
  });

  test('is told again where it breaks while nobody sweeps and something else is written meanwhile', async () => {
    await promise('high', 4, LADDER);
    await promise('normal', 20, LADDER);
    const id = await opened('high', 5);
    await sweepClocks();
    await prioritise(id, 'normal');
    await letPass(16);
    await replanned(id);
    await sweepClocks();
    expect(await carried()).toEqual(['breach', 'breach']);
  });
});

describe('what a step of another policy did', () => {
  test('counts where it told the same people and did the same, whatever its key', async () => {
    await promise('high', 6, LADDER);
    await promise('normal', 4, [
      { key: 'breach_2', tell: 'head' },
      { key: 'escalation', tell: 'administrators', after: 2 }
    ]);
    const id = await opened('high', 11);
    await sweepClocks();
    await prioritise(id, 'normal');
    await sweepClocks();
    // Also where the sweep looks at the clock for something else.
    await superuser`update clocks set next_action_at = now()`;
    await sweepClocks();
    expect(await carried()).toEqual(['breach', 'administrators']);
    const [clock] = await callerFor(firm.rm).clocks.forSubject({ kind: 'query', id });
    expect(clock?.steps.map(({ kind, carriedOutAt }) => [kind, carriedOutAt !== null])).toEqual([
      ['breach', true],
      ['escalation', true]
    ]);
  });

  test('does not count where it told somebody else', async () => {
    await promise('high', 4, [{ key: 'breach', tell: 'assignee' }]);
    await promise('normal', 2, [{ key: 'breach', tell: 'head' }]);
    const id = await opened('high', 5);
    await sweepClocks();
    expect([await heard(firm.rm), await heard(firm.rmHead)]).toEqual([1, 0]);
    await prioritise(id, 'normal');
    await sweepClocks();
    await sweepClocks();
    expect([await heard(firm.rm), await heard(firm.rmHead)]).toEqual([1, 1]);
  });

  test('and its raise are not repeated by every policy that the raise brings', async () => {
    await promise('low', 4, [{ key: 'breach', tell: 'assignee', does: ['notify', 'raise_priority'] }]);
    await promise('normal', 3, [{ key: 'breach', tell: 'head', does: ['notify', 'raise_priority'] }]);
    await promise('high', 2, [{ key: 'breach', tell: 'administrators', does: ['notify', 'raise_priority'] }]);
    const id = await opened('low', 5);
    await sweepClocks();
    expect(await priorityOf(id)).toBe('normal');
    expect(await carried()).toEqual(['breach', 'breach']);
    expect([await heard(firm.rm), await heard(firm.rmHead), await heard(firm.admin)]).toEqual([1, 1, 0]);
  });

  test('is raised once more where the promise breaks anew', async () => {
    await promise('low', 4, [{ key: 'breach', tell: 'assignee', does: ['notify', 'raise_priority'] }]);
    await promise('normal', 20, [{ key: 'breach', tell: 'head', does: ['notify', 'raise_priority'] }]);
    await promise('high', 2, [{ key: 'breach', tell: 'administrators' }]);
    const id = await opened('low', 5);
    await sweepClocks();
    expect(await priorityOf(id)).toBe('normal');
    await letPass(16);
    await sweepClocks();
    expect(await priorityOf(id)).toBe('high');
  });

  test('stays with the policy under which it was done in reports', async () => {
    const high = await promise('high', 4, LADDER);
    const normal = await promise('normal', 20, LADDER);
    const id = await opened('high', 5);
    await sweepClocks();
    const policies = async () => {
      const { tables } = await callerFor(firm.admin).reports.escalations({});
      return tables.find(({ key }) => key === 'policy')?.rows.map(({ key }) => key);
    };
    expect(await policies()).toEqual([`policy ${high}`]);
    await prioritise(id, 'normal');
    expect(await policies()).toEqual([`policy ${high}`]);
    expect(normal).not.toBe(high);
  });
});

test('the database keeps a step from being carried out twice in one turn', async () => {
  await promise('high', 4, LADDER);
  await opened('high', 5);
  await sweepClocks();
  const again = asSystem((tx) =>
    tx.execute(sql`insert into escalations (clock_id, step_key, turn, kind, action_at, policy_version_id)
      select clock_id, step_key, turn, kind, action_at, policy_version_id from escalations`)
  );
  await expect(again).rejects.toThrow();
});
