import type postgres from 'postgres';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { asSystem } from '#lib/platform/db/transactions.server.ts';
import { callerFor } from '#lib/platform/trpc/caller.server.ts';
import { recompute, recomputeBatch } from '#lib/policies/recompute.server.ts';
import { refreshClocks } from '../../workers/refresh.ts';
import { waitsOrIsDone } from '../support/lock-waits.ts';
import { promisesOn } from '../support/promises.ts';
import { mintClient, mintRequestType } from '../support/records.ts';
import { firm, superuser, useTestFirm } from '../support/test-firm.ts';
import { drain } from '../support/work-clocks.ts';

useTestFirm();

let clientId: number;

beforeAll(async () => {
  clientId = await mintClient({ primaryRmId: firm.rm.userId });
});

beforeEach(async () => void (await refreshClocks()));

const openQuery = async () =>
  (await callerFor(firm.rm).queries.open({ clientId, subject: 'Where is my folio?' })).id;
const newPriority = (sql: postgres.ISql, id: number, priority: string) =>
  sql`update queries set priority = ${priority} where id = ${id}`;
const noted = async () => (await superuser`select 1 from clock_refresh`).length;

describe('whoever changes a record and whoever brings clocks up to records', () => {
  test('do not wait for each other in a circle: a record that is being changed is left for later', async () => {
    const [mine, other] = [await openQuery(), await openQuery()];
    await newPriority(superuser, mine, 'high');
    await newPriority(superuser, other, 'high');
    let drained: Promise<number> = Promise.resolve(0);
    await superuser.begin(async (person) => {
      await person`select 1 from queries where id = ${mine} for update`;
      drained = drain();
      await waitsOrIsDone(drained);
      await newPriority(person, mine, 'urgent');
    });
    expect(await drained, 'the other one').toBe(1);
    expect(await noted()).toBe(1);
    expect(await drain()).toBe(1);
    expect(await noted()).toBe(0);
  });

  test('nor over a note of a record that nobody holds', async () => {
    const id = await openQuery();
    await newPriority(superuser, id, 'high');
    let drained: Promise<number> = Promise.resolve(0);
    await superuser.begin(async (person) => {
      // As a new tag of the client does: it notes his work and touches none of it.
      await person`update clock_refresh set since = since where subject_id = ${id}`;
      drained = drain();
      await waitsOrIsDone(drained);
      await newPriority(person, id, 'urgent');
    });
    expect(await drained).toBe(0);
    expect(await drain()).toBe(1);
  });
});

describe('whoever holds a promise', () => {
  test('waits for the record before he has its clock', async () => {
    const id = await openQuery();
    const [clock] = await callerFor(firm.rm).clocks.forSubject({ kind: 'query', id });
    // Hours that nobody let running clocks follow: the hold moves the due time, which stands on the query too.
    await superuser`update calendar_windows set closes = '17:00' where closes > '17:00'`;
    await superuser`update calendars set version = version + 1`;
    let held: Promise<unknown> = Promise.resolve();
    await superuser.begin(async (person) => {
      await person`select 1 from queries where id = ${id} for update`;
      held = callerFor(firm.rm).clocks.acknowledge({ id: clock?.id ?? 0, reason: 'I call him' });
      await waitsOrIsDone(held);
      await person`select 1 from clocks where subject_kind = 'query' and subject_id = ${id} for update`;
    });
    expect(await held).toMatchObject({ heldUntil: expect.any(Date) as Date });
  });
});

describe('running clocks that follow their calendar', () => {
  test('wait for the record before they are locked', async () => {
    const id = await mintClient({ primaryRmId: firm.rm.userId });
    await refreshClocks();
    expect(await promisesOn('client', id)).toHaveLength(1);
    const [asked] = await superuser<{ id: number }[]>`
      insert into clock_recomputes (what, calendar_id, total)
      select 'Changed', calendar_id, 1 from clocks where subject_kind = 'client' and subject_id = ${id}
      returning id::int as id`;
    let followed: Promise<unknown> = Promise.resolve();
    await superuser.begin(async (person) => {
      // Notes that the client changed, which the attention of clients asks for too.
      await person`update clients set next_review_on = '2030-06-12' where id = ${id}`;
      followed = recompute(asked?.id ?? 0);
      await waitsOrIsDone(followed);
      await person`select 1 from clocks where subject_kind = 'client' and subject_id = ${id} for update`;
    });
    await followed;
    const [done] =
      await superuser`select error, finished_at from clock_recomputes where id = ${asked?.id ?? 0}`;
    expect(done).toMatchObject({ error: null, finished_at: expect.any(Date) as Date });
  });
});

describe('promises that a policy lets run again', () => {
  const target = (name: 'first_response' | 'resolution') =>
    ({ target: name, amount: 9, unit: 'working_days' }) as const;
  const step = (name: 'first_response' | 'resolution') => ({
    ...{
      target: name,
      when: 'percent' as const,
      amount: 100,
      tell: 'head' as const,
      does: ['notify' as const]
    }
  });
  const fields = (...names: ('first_response' | 'resolution')[]) => ({
    ...{ targets: names.map(target), steps: names.map(step) },
    ...{ pausesClient: true, pausesThirdParty: false, workingHoursOnly: false }
  });
  const asked = async () => {
    const [row] = await superuser<{ id: number; moved: boolean }[]>`
      select id::int as id, clocks_done_at is not null as moved from clock_recomputes where finished_at is null`;
    return row;
  };

  /** A request whose resolution lapsed under a policy; `again` is what lets it run again. */
  async function lapsed() {
    const { policies, calendars } = callerFor(firm.admin);
    const requestTypeId = await mintRequestType();
    const calendarId = (await calendars.list()).items[0]?.id ?? 0;
    const rest = { name: `Answers ${requestTypeId}`, requestTypeId, calendarId };
    const full = fields('first_response', 'resolution');
    const policy = await policies.create({ subjectKind: 'request', ...full, ...rest });
    for (let each = await asked(); each; each = await asked()) await recompute(each.id);
    const { id } = await callerFor(firm.rm).requests.open({ clientId, typeId: requestTypeId });
    const update = async (to: ReturnType<typeof fields>, more: { dryRun?: boolean } = {}) => {
      const { version } = await policies.byId({ id: policy.id });
      return policies.update({ ...to, ...rest, id: policy.id, version, ...more });
    };
    await update(fields('first_response'));
    for (let each = await asked(); each; each = await asked()) await recompute(each.id);
    return { id, again: (more: { dryRun?: boolean } = {}) => update(full, more) };
  }

  const running = async (id: number) =>
    (await promisesOn('request', id)).filter(({ state }) => state === 'running').map((each) => each.target);

  test('wait for the record before their clocks are locked', async () => {
    const { id, again } = await lapsed();
    expect(await running(id)).toEqual(['first_response']);
    await again();
    let each = await asked();
    for (; each && !each.moved; each = await asked()) {
      const { id: recomputeId } = each;
      await asSystem((tx) => recomputeBatch(tx, recomputeId, 300));
    }
    let followed: Promise<unknown> = Promise.resolve();
    await superuser.begin(async (person) => {
      await person`select 1 from service_requests where id = ${id} for update`;
      followed = recompute(each?.id ?? 0);
      await waitsOrIsDone(followed);
      await person`select 1 from clocks where subject_kind = 'request' and subject_id = ${id} for update`;
    });
    await followed;
    expect(await running(id)).toEqual(['first_response', 'resolution']);
  });

  test('are counted for a preview without waiting for anybody', async () => {
    const { id, again } = await lapsed();
    await superuser.begin(async (person) => {
      await person`select 1 from clocks where subject_kind = 'request' and subject_id = ${id} for update`;
      const previewed = again({ dryRun: true });
      await waitsOrIsDone(previewed);
      const waiting = await person`select 1 from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock'`;
      expect(waiting).toHaveLength(0);
      expect(await previewed).toMatchObject({ effect: { begins: 1 } });
    });
  });
});
