import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { drainRefresh } from '#lib/clocks/refresh.server.ts';
import { asSystem } from '#lib/platform/db/transactions.server.ts';
import { callerFor } from '#lib/platform/trpc/caller.server.ts';
import { sweepClocks, sweepWhenDue } from '../../workers/escalation.ts';
import { refreshClocks } from '../../workers/refresh.ts';
import { workAtNoon } from '../support/drill-scene.ts';
import { promisesOn } from '../support/promises.ts';
import { mintLead } from '../support/records.ts';
import { firm, superuser, useTestFirm } from '../support/test-firm.ts';

useTestFirm();

beforeAll(async () => {
  await workAtNoon(superuser);
});

beforeEach(async () => {
  await superuser`truncate clocks, notifications, clock_refresh restart identity cascade`;
});

const DAY = 86_400_000;
const daysAgo = (days: number) => new Date(Date.now() - days * DAY);

/** A lead whose first call was due two days ago; nobody has swept yet. */
async function overdueLead(): Promise<number> {
  const id = await mintLead({ conversionRmId: firm.rm.userId, createdAt: daysAgo(3) });
  await refreshClocks();
  expect(await carriedOut()).toEqual([]);
  return id;
}

/** Its RM made the call in time. */
const callInTime = (id: number) =>
  callerFor(firm.rm).leads.logContact({
    ...{ id, channel: 'call', subject: 'Wants a SIP', occurredAt: daysAgo(2.5) }
  });
const firstCall = async (id: number) =>
  (await promisesOn('lead', id)).find(({ target }) => target === 'first_call');
const carriedOut = async () => [
  ...(await superuser`select step_key as key, k.subject_id::int as id from escalations e join clocks k on k.id = e.clock_id`)
];
const kept = { state: 'satisfied', breachedAt: null };

describe('a record that has changed is taken in before the steps of its clocks', () => {
  test.each([
    ['by the sweep that a due step woke', sweepWhenDue],
    ['by the sweep of the minute', sweepClocks]
  ])('%s', async (_, sweep) => {
    const [lead, late] = [await overdueLead(), await overdueLead()];
    await callInTime(lead);
    await sweep();
    expect(await firstCall(lead)).toMatchObject(kept);
    expect(new Set((await carriedOut()).map(({ id }) => Number(id)))).toEqual(new Set([late]));
  });

  test('also where another process is at it: its clocks wait, and others do not', async () => {
    const [lead, late] = [await overdueLead(), await overdueLead()];
    await callInTime(lead);
    const [taken, goOn] = [Promise.withResolvers<number>(), Promise.withResolvers<void>()];
    const another = asSystem(async (tx) => {
      taken.resolve(await drainRefresh(tx, { limit: 1, until: new Date(Date.now() + 60_000) }));
      await goOn.promise;
    });
    expect(await taken.promise).toBe(1);
    await sweepClocks();
    expect(new Set((await carriedOut()).map(({ id }) => Number(id)))).toEqual(new Set([late]));
    expect((await superuser`select 1 from notifications`).length).toBeGreaterThan(0);
    goOn.resolve();
    await another;
    await sweepClocks();
    expect(await firstCall(lead)).toMatchObject(kept);
    expect(new Set((await carriedOut()).map(({ id }) => Number(id)))).toEqual(new Set([late]));
  });

  test('and while somebody has the record', async () => {
    const lead = await overdueLead();
    await callInTime(lead);
    await superuser.begin(async (somebody) => {
      await somebody`select 1 from leads where id = ${lead} for update`;
      await sweepClocks();
    });
    expect(await carriedOut()).toEqual([]);
    await sweepClocks();
    expect(await firstCall(lead)).toMatchObject(kept);
  });
});

describe('a record that cannot be taken in', () => {
  afterEach(() => superuser.unsafe('drop trigger if exists refuse on clocks'));

  test('holds the steps of its clocks for ten minutes, says so, and is taken in when it can be', async () => {
    const lead = await overdueLead();
    await superuser.unsafe(`create or replace function app.refuse_clock() returns trigger language plpgsql as $$
      begin if new.state = 'satisfied' then raise exception 'no'; end if; return new; end $$;
      create trigger refuse before update on clocks for each row execute function app.refuse_clock()`);
    await callInTime(lead);
    const did = await sweepClocks();
    expect(did).toMatch(/^The promises on LD-\d+ cannot be brought up to date: Database error P0001$/);
    expect(await carriedOut()).toEqual([]);

    await superuser`update clock_refresh set failing_since = now() - interval '9 minutes'`;
    await sweepClocks();
    expect(await carriedOut(), 'the time is not begun anew').toEqual([]);
    await superuser`update clock_refresh set failing_since = now() - interval '11 minutes'`;
    await sweepClocks();
    expect((await carriedOut()).length).toBeGreaterThan(0);

    await superuser.unsafe('drop trigger refuse on clocks');
    await superuser`update clock_refresh set since = now()`;
    await sweepClocks();
    expect(await firstCall(lead)).toMatchObject({ state: 'satisfied' });
    expect(await superuser`select 1 from clock_refresh`).toHaveLength(0);
  });

  test('is forgotten where the record is gone', async () => {
    await superuser`insert into clock_refresh (subject_kind, subject_id) values ('query', 999999)`;
    expect(await sweepClocks()).toBeNull();
    expect(await superuser`select 1 from clock_refresh`).toHaveLength(0);
  });
});
