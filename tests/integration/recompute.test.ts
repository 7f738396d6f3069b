import { sql } from 'drizzle-orm';
import postgres from 'postgres';
import { describe, expect, it } from 'vitest';
import { clocks } from '#lib/clocks/schema.server.ts';
import { carryOutDue } from '#lib/escalation/commands.server.ts';
import { asSystem } from '#lib/platform/db/transactions.server.ts';
import { callerFor } from '#lib/platform/trpc/caller.server.ts';
import { api, finishRecomputes, step } from '../support/policy-forms.ts';
import {
  change,
  clientId,
  clockOf,
  days,
  draft,
  followedPolicy,
  open,
  typeId,
  useRequestType
} from '../support/policy-changes.ts';
import { mintLead, mintRequest } from '../support/records.ts';
import { database, firm, useTestFirm } from '../support/test-firm.ts';
import { until } from '../support/until.ts';

useTestFirm();
useRequestType();

describe('a policy that changed', () => {
  it('moves what runs, and leaves what ended its version and its figures', async () => {
    const id = await followedPolicy();
    const [running, finished] = [await open(), await open()];
    await callerFor(firm.opsHead).requests.reject({ id: finished, reason: 'Withdrawn' });
    const [before, ended] = [await clockOf(running), await clockOf(finished)];
    await change(id, { targets: days(9) });
    await finishRecomputes();
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
    const id = await followedPolicy();
    const request = await open();
    await change(id, { targets: days(9) });
    const other = postgres(database.superuserUrl, { max: 2, onnotice: () => undefined });
    const follows = await other.begin(async (somebody) => {
      await somebody`select 1 from service_requests where id = ${request} for update`;
      const following = finishRecomputes();
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

  it('taken out of use lets its clocks go over to what matches then, and back', async () => {
    const id = await followedPolicy();
    const request = await open();
    const { version } = await api().byId({ id });
    const { effect } = await api().setActive({ id, version, active: false, dryRun: true });
    expect(effect?.leaves).toMatchObject([{ clocks: 1 }]);
    await api().setActive({ id, version, active: false });
    await finishRecomputes();
    expect(await api().byId({ id })).toMatchObject({ running: 0, clocks: 0 });
    expect((await clockOf(request))?.state).toBe('running');
    await api().setActive({ id, version: version + 1, active: true });
    await finishRecomputes();
    expect(await api().byId({ id })).toMatchObject({ running: 1 });
  });

  it('takes over what matches a new one, and leaves alone what does not', async () => {
    const other = await open({ priority: 'low' });
    const before = await clockOf(other);
    const urgent = await open({ priority: 'urgent' });
    const id = await followedPolicy({ priority: 'urgent' });
    expect(await api().byId({ id })).toMatchObject({ running: 1 });
    expect((await clockOf(urgent))?.policyVersionId).not.toBe(before?.policyVersionId);
    expect(await clockOf(other)).toEqual(before);
  });

  it('ends what is promised no more', async () => {
    const id = await followedPolicy({
      targets: [...days(3), { target: 'first_response', amount: 60, unit: 'working_minutes' }],
      steps: [step(), step({ target: 'first_response' })]
    });
    const request = await open();
    const { version } = await api().byId({ id });
    const { subjectKind: _, ...fields } = draft();
    expect((await api().update({ ...fields, id, version, dryRun: true })).effect).toMatchObject({ ends: 1 });
    await change(id, { steps: [step()] });
    await finishRecomputes();
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
    await followedPolicy();
    expect(await clockOf(request)).toMatchObject({ state: 'running', breachedAt: null });
    expect(await clockOf(resting)).toMatchObject({ state: 'paused', dueAt: null });
    expect(await clockOf(done)).toBeUndefined();
  });

  it('asks for leads and clients without a clock to be looked at', async () => {
    const leadId = await mintLead({ conversionRmId: firm.rm.userId, status: 'wip' });
    await asSystem((tx) => tx.execute(sql`delete from clock_refresh`));
    await followedPolicy({
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
    const id = await followedPolicy({ steps: [step({ amount: 50, tell: 'assignee' }), step()] });
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
    await finishRecomputes();
    const after = await clockOf(request);
    expect(after?.policyVersionId).not.toBe(clock?.policyVersionId);
    await asSystem((tx) => carryOutDue(tx, 1000));
    const carried = await asSystem((tx) =>
      tx.execute(sql`select step_key as key from escalations where clock_id = ${mine} order by id`)
    );
    expect([...carried].map(({ key }) => key)).toEqual(['warning', 'breach']);
  });
});
