import { eq, sql } from 'drizzle-orm';
import postgres from 'postgres';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { clocks } from '#lib/clocks/schema.server.ts';
import { carryOutDue } from '#lib/escalation/commands.server.ts';
import { asSystem, closeDatabase } from '#lib/platform/db/transactions.server.ts';
import { callerFor } from '#lib/platform/trpc/caller.server.ts';
import { effectOf } from '#lib/policies/effect.server.ts';
import { recompute, recomputeBatch } from '#lib/policies/recompute.server.ts';
import { useTestDatabase, type TestDatabase } from '../support/database.ts';
import { makeFirm, type TestFirm } from '../support/firm.ts';
import { mintClient, mintLead, mintQuery, mintRequest, mintRequestType } from '../support/records.ts';
import { until } from '../support/until.ts';

let database: TestDatabase;
let firm: TestFirm;
let clientId: number;
let typeId: number;
let calendarId: number;

beforeAll(async () => {
  database = await useTestDatabase();
  firm = await makeFirm();
  clientId = await mintClient({ primaryRmId: firm.rm.userId });
  calendarId = (await callerFor(firm.admin).calendars.list()).items[0]?.id ?? 0;
});

afterAll(async () => {
  await closeDatabase();
  await database.drop();
});

beforeEach(async () => {
  typeId = await mintRequestType();
});

const api = () => callerFor(firm.admin).policies;
const step = (more: object = {}) => ({
  target: 'resolution' as const,
  when: 'percent' as const,
  amount: 100,
  tell: 'head' as const,
  does: ['notify' as const],
  ...more
});
const days = (amount: number) => [{ target: 'resolution' as const, amount, unit: 'working_days' as const }];
let made = 0;
const draft = (more: object = {}) => ({
  ...{ subjectKind: 'request' as const, name: `Promise ${++made}`, requestTypeId: typeId, calendarId },
  ...{ pausesClient: true, pausesThirdParty: false, workingHoursOnly: false },
  ...{ targets: days(3), steps: [step()], ...more }
});

async function newPolicy(more: object = {}): Promise<number> {
  const { id } = await api().create(draft(more));
  await finishAll();
  return id;
}

async function change(id: number, more: object = {}) {
  const { version, steps } = await api().byId({ id });
  const kept = steps.map(({ tellUserName: _, ...row }) => row);
  const { subjectKind: _, ...fields } = draft({ steps: kept, ...more });
  return api().update({ ...fields, id, version });
}

/** Ids of what was asked for and is not done. */
const waiting = () =>
  asSystem(async (tx) =>
    [
      ...(await tx.execute<{ id: number }>(
        sql`select id from clock_recomputes where finished_at is null order by id`
      ))
    ].map(({ id }) => Number(id))
  );

async function finishAll(): Promise<void> {
  for (const id of await waiting()) await recompute(id);
}

const open = async (more: object = {}) =>
  (await callerFor(firm.rm).requests.open({ clientId, typeId, ...more })).id;

const clockOf = async (subjectId: number, kind: 'request' | 'query' = 'request') => {
  const rows = await asSystem((tx) =>
    tx
      .select()
      .from(clocks)
      .where(sql`subject_kind = ${kind} and subject_id = ${subjectId} and target = 'resolution'`)
      .orderBy(clocks.round)
  );
  return rows.at(-1);
};

const progress = (id: number) =>
  asSystem(async (tx) => {
    const [row] = await tx.execute<{
      done: number;
      moved: number;
      ended: number;
      begun: number;
      total: number;
    }>(sql`select done, moved, ended, begun, total from clock_recomputes where id = ${id}`);
    return row;
  });

describe('a policy that changed', () => {
  it('moves what runs, and leaves what ended its version and its figures', async () => {
    const id = await newPolicy();
    const [running, finished] = [await open(), await open()];
    await callerFor(firm.opsHead).requests.reject({ id: finished, reason: 'Withdrawn' });
    const [before, ended] = [await clockOf(running), await clockOf(finished)];
    await change(id, { targets: days(9) });
    await finishAll();
    const after = await clockOf(running);
    expect(after?.policyVersionId).not.toBe(before?.policyVersionId);
    expect(Number(after?.dueAt)).toBeGreaterThan(Number(before?.dueAt));
    expect(after?.startedAt).toEqual(before?.startedAt);
    expect(await clockOf(finished)).toEqual(ended);
    expect((await api().byId({ id })).recomputes[0]).toMatchObject({
      what: 'Changed to version 2',
      by: 'Asha Admin',
      moved: 1,
      ended: 0,
      error: null,
      finishedAt: expect.any(Date) as Date
    });
  });

  it('waits for work that somebody is changing, and holds none of its clocks meanwhile', async () => {
    const id = await newPolicy();
    const request = await open();
    await change(id, { targets: days(9) });
    const other = postgres(database.superuserUrl, { max: 2, onnotice: () => undefined });
    const follows = await other.begin(async (somebody) => {
      await somebody`select 1 from service_requests where id = ${request} for update`;
      const following = finishAll();
      await until(async () => {
        const waits = await other`select 1 from pg_stat_activity
          where datname = current_database() and wait_event_type = 'Lock'`;
        return waits.length > 0;
      });
      await somebody`select 1 from clocks
        where subject_kind = 'request' and subject_id = ${request} for update nowait`;
      return { following };
    });
    await follows.following;
    await other.end();
    expect((await api().byId({ id })).recomputes[0]).toMatchObject({ moved: 1, error: null });
  });

  it('is looked at first: how many, by how much, which; and nothing of the look stays', async () => {
    const id = await newPolicy();
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
    const id = await newPolicy();
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
    expect(effect).toMatchObject({ overdue: 1, earlier: { clocks: 1 } });
  });

  it('looks at a sample where there are many, and says so', async () => {
    await newPolicy();
    for (let n = 0; n < 8; n++) await open();
    const [policy] = (await api().list()).items.filter((one) => one.requestTypeId === typeId);
    const effect = await asSystem((tx) =>
      effectOf(tx, { policyId: policy?.id ?? 0, what: '' }, { most: 4, stretch: 2 })
    );
    expect(effect).toMatchObject({ exact: false, looked: 4 });
    expect(effect?.running).toBeGreaterThanOrEqual(8);
  });

  it('taken out of use lets its clocks go over to what matches then, and back', async () => {
    const id = await newPolicy();
    const request = await open();
    const { version } = await api().byId({ id });
    const { effect } = await api().setActive({ id, version, active: false, dryRun: true });
    expect(effect?.leaves).toMatchObject([{ clocks: 1 }]);
    await api().setActive({ id, version, active: false });
    await finishAll();
    expect(await api().byId({ id })).toMatchObject({ running: 0, clocks: 0 });
    expect((await clockOf(request))?.state).toBe('running');
    await api().setActive({ id, version: version + 1, active: true });
    await finishAll();
    expect(await api().byId({ id })).toMatchObject({ running: 1 });
  });

  it('takes over what matches a new one, and leaves alone what does not', async () => {
    const other = await open({ priority: 'low' });
    const before = await clockOf(other);
    const urgent = await open({ priority: 'urgent' });
    const id = await newPolicy({ priority: 'urgent' });
    expect(await api().byId({ id })).toMatchObject({ running: 1 });
    expect((await clockOf(urgent))?.policyVersionId).not.toBe(before?.policyVersionId);
    expect(await clockOf(other)).toEqual(before);
  });

  it('ends what is promised no more', async () => {
    const id = await newPolicy({
      targets: [...days(3), { target: 'first_response', amount: 60, unit: 'working_minutes' }],
      steps: [step(), step({ target: 'first_response' })]
    });
    const request = await open();
    const { version } = await api().byId({ id });
    const { subjectKind: _, ...fields } = draft();
    expect((await api().update({ ...fields, id, version, dryRun: true })).effect).toMatchObject({ ends: 1 });
    await change(id, { steps: [step()] });
    await finishAll();
    const states = await asSystem((tx) =>
      tx
        .select({ target: clocks.target, state: clocks.state })
        .from(clocks)
        .where(sql`subject_kind = 'request' and subject_id = ${request}`)
        .orderBy(clocks.target)
    );
    expect(states).toEqual([
      { target: 'first_response', state: 'cancelled' },
      { target: 'resolution', state: 'running' }
    ]);
  });

  it('starts clocks on open work that has none, and lets them stand still where it waits', async () => {
    const request = await mintRequest({ clientId, typeId, teamId: firm.teams.ops });
    const resting = await mintRequest({
      ...{ clientId, typeId, teamId: firm.teams.ops, status: 'in_progress' },
      ...{ waitingOn: 'client', waitingWhy: 'The form' }
    });
    const done = await mintRequest({ clientId, typeId, status: 'completed', outcome: 'Done' });
    const { effect } = await api().create({ ...draft(), dryRun: true });
    expect(effect).toMatchObject({ begins: 2 });
    await newPolicy();
    expect(await clockOf(request)).toMatchObject({ state: 'running', breachedAt: null });
    expect(await clockOf(resting)).toMatchObject({ state: 'paused', dueAt: null });
    expect(await clockOf(done)).toBeUndefined();
  });

  it('asks for leads and clients without a clock to be looked at', async () => {
    const leadId = await mintLead({ conversionRmId: firm.rm.userId, status: 'wip' });
    await asSystem((tx) => tx.execute(sql`delete from clock_refresh`));
    await newPolicy({
      subjectKind: 'lead',
      requestTypeId: undefined,
      targets: [{ target: 'first_call', amount: 1, unit: 'working_days' }],
      steps: [step({ target: 'first_call' })]
    });
    const asked = await asSystem((tx) =>
      tx.execute(sql`select 1 from clock_refresh where subject_kind = 'lead' and subject_id = ${leadId}`)
    );
    expect(asked).toHaveLength(1);
  });

  it('keeps what was carried out: an edited ladder repeats nothing', async () => {
    const id = await newPolicy({ steps: [step({ amount: 50, tell: 'assignee' }), step()] });
    const request = await open();
    const clock = await clockOf(request);
    const mine = sql`${clock?.id ?? 0}`;
    await asSystem(async (tx) => {
      await tx.execute(sql`update clocks set started_at = now() - interval '30 days' where id = ${mine}`);
      await tx.execute(
        sql`update clock_segments set from_at = now() - interval '30 days' where clock_id = ${mine}`
      );
      await tx.execute(sql`insert into escalations (clock_id, step_key, policy_version_id, kind, action_at)
        select id, 'warning', policy_version_id, 'warning', now() from clocks where id = ${mine}`);
    });
    const { steps, version } = await api().byId({ id });
    const kept = steps.map(({ tellUserName: _, ...row }) => row);
    const { subjectKind: _, ...fields } = draft({
      steps: kept.map((row) => (row.key === 'warning' ? { ...row, amount: 60 } : row))
    });
    await api().update({ ...fields, id, version });
    await finishAll();
    const after = await clockOf(request);
    expect(after?.policyVersionId).not.toBe(clock?.policyVersionId);
    await asSystem((tx) => carryOutDue(tx, 1000));
    const carried = await asSystem((tx) =>
      tx.execute(sql`select step_key as key from escalations where clock_id = ${mine} order by id`)
    );
    expect([...carried].map(({ key }) => key)).toEqual(['warning', 'breach']);
  });
});

describe('a recompute that is stopped', () => {
  it('repeats nothing and loses nothing, wherever it stops, and whoever goes on', async () => {
    const id = await newPolicy();
    const requests = [];
    for (let n = 0; n < 7; n++) requests.push(await open());
    const before = await clockOf(requests[0] ?? 0);
    await change(id, { targets: days(8) });
    const [asked = 0] = await waiting();
    let stopped = 0;
    for (let more = true; more;) {
      // Every other batch is lost after all of it was written.
      await expect(
        asSystem(async (tx) => {
          await recomputeBatch(tx, asked, 2);
          throw new Error('Killed');
        })
      ).rejects.toThrow('Killed');
      stopped++;
      more = await asSystem((tx) => recomputeBatch(tx, asked, 2));
    }
    expect(stopped).toBeGreaterThan(4);
    const { total, done, moved } = (await progress(asked)) ?? {};
    expect({ done, moved }).toEqual({ done: total, moved: 7 });
    for (const request of requests) {
      const clock = await clockOf(request);
      expect(Number(clock?.dueAt)).toBeGreaterThan(Number(before?.dueAt));
      expect(clock?.state).toBe('running');
    }
    await recompute(asked);
    expect(await progress(asked)).toMatchObject({ done: total, moved: 7 });
  });

  it('is done once by two at the same time', async () => {
    const id = await newPolicy();
    for (let n = 0; n < 4; n++) await open();
    await change(id, { targets: days(6) });
    const [asked = 0] = await waiting();
    await Promise.all([recompute(asked), recompute(asked), recompute(asked)]);
    expect(await progress(asked)).toMatchObject({ moved: 4 });
  });

  it('says what stopped it, and forgets that once it went on', async () => {
    const id = await newPolicy();
    await open();
    await change(id, { targets: days(7) });
    const [asked = 0] = await waiting();
    await asSystem((tx) => tx.execute(sql`update policy_steps set key = 'x' where false`));
    const [policy] = await asSystem((tx) =>
      tx.execute<{ calendar: number }>(sql`select calendar_id as calendar from policy_versions limit 1`)
    );
    await asSystem((tx) =>
      tx.execute(
        sql`update calendars set time_zone = 'Nowhere/None', version = version + 1 where id = ${policy?.calendar ?? 0}`
      )
    );
    await expect(recompute(asked)).rejects.toThrow();
    expect((await api().byId({ id })).recomputes[0]?.error).toMatch(/not a time zone/);
    await asSystem((tx) =>
      tx.execute(
        sql`update calendars set time_zone = 'Asia/Kolkata', version = version + 1 where id = ${policy?.calendar ?? 0}`
      )
    );
    await recompute(asked);
    expect((await api().byId({ id })).recomputes[0]).toMatchObject({ error: null, moved: 1 });
  });
});

describe('a query', () => {
  it('comes under the policy for its tag once its client has it and the policy changed', async () => {
    const queryId = await mintQuery({ clientId, rmId: firm.rm.userId });
    const id = await newPolicy({ subjectKind: 'query', requestTypeId: undefined, clientTag: 'priority' });
    expect(await clockOf(queryId, 'query')).toBeUndefined();
    await callerFor(firm.rm).clients.setTags({ clientId, tags: ['priority'] });
    const { version } = await api().byId({ id });
    await api().setActive({ id, version, active: false });
    await api().setActive({ id, version: version + 1, active: true });
    await finishAll();
    const [row] = await asSystem((tx) => tx.select().from(clocks).where(eq(clocks.subjectId, queryId)));
    expect(row).toMatchObject({ state: 'running', round: 1 });
  });
});
