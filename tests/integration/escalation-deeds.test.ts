import { beforeAll, describe, expect, test } from 'vitest';
import { carryOutDue } from '#lib/escalation/commands.server.ts';
import { doDeeds } from '#lib/escalation/deeds.server.ts';
import { asSystem } from '#lib/platform/db/transactions.server.ts';
import { callerFor } from '#lib/platform/trpc/caller.server.ts';
import { sweepEscalations } from '../../workers/escalation.ts';
import { everythingTold, sendOnLeave, useQuietFirm } from '../support/escalating.ts';
import { mintUser } from '../support/firm.ts';
import { mintLadder } from '../support/ladders.ts';
import { mintClient, mintLead, mintQuery, mintRequest } from '../support/records.ts';
import { firm, superuser, useTestFirm } from '../support/test-firm.ts';

useTestFirm();
useQuietFirm();

let clientId: number;

beforeAll(async () => {
  clientId = await mintClient({ primaryRmId: firm.rm.userId, name: 'Meera Shah' });
});

const did = async () =>
  (await superuser<{ did: unknown }[]>`select did from escalations order by id`).map((row) => row.did);

async function overdueRequest(
  rungs: Parameters<typeof mintLadder>[1]['rungs'],
  priority = 'normal' as const
) {
  const id = await mintRequest({ clientId, teamId: firm.teams.ops, assigneeId: firm.ops.userId, priority });
  await mintLadder(superuser, { kind: 'request', id, rungs });
  return id;
}
const request = async (id: number) => {
  const [row] = await superuser<{ owner: number; team: number; priority: string; version: number }[]>`
    select assignee_id::int as owner, team_id::int as team, priority, version from service_requests where id = ${id}`;
  return row;
};

describe('a step that reassigns', () => {
  test('gives a request to the head who is told, tells both, and says so in the history', async () => {
    const id = await overdueRequest([{ tell: 'head', does: ['notify', 'reassign'] }]);
    await sweepEscalations();
    expect(await request(id)).toMatchObject({ owner: firm.opsHead.userId, team: firm.teams.ops, version: 2 });
    expect(await did()).toEqual([{ assignee: { from: firm.ops.userId, to: firm.opsHead.userId } }]);
    const rows = await everythingTold();
    expect(rows.find(({ who }) => who === 'Pia Opshead')).toMatchObject({
      kind: 'assigned',
      title: expect.stringMatching(/^SR-\d+ for Meera Shah is yours$/) as string,
      body: expect.stringContaining('The policy passed it on from Opal Desk to you.') as string
    });
    expect(rows.find(({ who }) => who === 'Opal Desk')).toMatchObject({
      kind: 'assigned',
      title: expect.stringMatching(/is with Pia Opshead now$/) as string
    });
    expect(rows).toHaveLength(2);
    const { history } = await callerFor(firm.opsHead).requests.byId({ id });
    expect(history[0]).toMatchObject({ actor: null, newValues: { assignee_id: firm.opsHead.userId } });
  });

  test('gives a query to the head, with his team, and a lead, which is in progress then', async () => {
    const query = await mintQuery({ clientId, rmId: firm.rm.userId, teamId: firm.teams.rm });
    const lead = await mintLead({
      ...{ conversionRmId: firm.rm.userId, teamId: firm.teams.rm },
      createdAt: new Date(Date.now() - 9 * 86_400_000)
    });
    const rungs = [{ tell: 'head' as const, does: ['reassign' as const] }];
    await mintLadder(superuser, { kind: 'query', id: query, rungs });
    await mintLadder(superuser, { kind: 'lead', id: lead, target: 'first_call', rungs });
    await superuser`update clocks set started_at = l.assigned_at from leads l where subject_kind = 'lead' and l.id = ${lead}`;
    await sweepEscalations();
    expect((await superuser`select rm_id::int as owner from queries where id = ${query}`)[0]).toEqual({
      owner: firm.rmHead.userId
    });
    const [moved] =
      await superuser`select conversion_rm_id::int as owner, status from leads where id = ${lead}`;
    expect(moved).toEqual({ owner: firm.rmHead.userId, status: 'wip' });
    expect((await everythingTold()).map(({ who }) => who).sort()).toHaveLength(4);
  });

  test('never gives work to somebody on leave, nor to the administrators as a group', async () => {
    await sendOnLeave(firm.opsHead);
    const away = await overdueRequest([{ tell: 'head', does: ['notify', 'reassign'] }]);
    const all = await overdueRequest([{ tell: 'administrators', does: ['notify', 'reassign'] }]);
    await sweepEscalations();
    for (const id of [away, all])
      expect(await request(id)).toMatchObject({ owner: firm.ops.userId, version: 1 });
    expect(await did()).toEqual([{}, {}]);
    expect((await everythingTold()).map(({ who }) => who)).toEqual(['Pia Opshead', 'Asha Admin']);
  });

  test('never gives it to somebody deactivated, or to one who may not finish it', async () => {
    const gone = await asSystem((tx) => mintUser(tx, { role: 'ops_executive', active: false }));
    const first = await overdueRequest([{ tell: 'user', tellUserId: gone, does: ['reassign'] }]);
    const query = await mintQuery({ clientId, rmId: firm.rm.userId, teamId: firm.teams.rm });
    await superuser`delete from role_grants where permission = 'queries.resolve'
      and role_id = (select role_id from users where id = ${firm.rmHead.userId})`;
    await mintLadder(superuser, {
      kind: 'query',
      id: query,
      rungs: [{ tell: 'head', does: ['notify', 'reassign'] }]
    });
    await sweepEscalations();
    await superuser`insert into role_grants (role_id, permission, scope)
      select role_id, 'queries.resolve', 'team' from users where id = ${firm.rmHead.userId}`;
    expect((await request(first))?.owner).toBe(firm.opsHead.userId);
    const [left] = await superuser`select rm_id::int as owner from queries where id = ${query}`;
    expect(left).toEqual({ owner: firm.rm.userId });
  });

  test('of several on one record: each in its order, to the next', async () => {
    const id = await overdueRequest([
      { tell: 'user', tellUserId: firm.ops2.userId, does: ['reassign'] },
      { tell: 'head', does: ['reassign'] }
    ]);
    await sweepEscalations();
    expect(await did()).toEqual([
      { assignee: { from: firm.ops.userId, to: firm.ops2.userId } },
      { assignee: { from: firm.ops2.userId, to: firm.opsHead.userId } }
    ]);
    expect((await request(id))?.owner).toBe(firm.opsHead.userId);
  });
});

describe('a step that raises the priority', () => {
  test('raises it by one, as far as it goes, and says so', async () => {
    const id = await overdueRequest([{ tell: 'assignee', does: ['notify', 'raise_priority'] }]);
    const highest = await mintRequest({ clientId, assigneeId: firm.ops.userId, priority: 'urgent' });
    const rungs = [{ tell: 'assignee' as const, does: ['raise_priority' as const] }];
    await mintLadder(superuser, { kind: 'request', id: highest, rungs });
    await sweepEscalations();
    expect(await request(id)).toMatchObject({ priority: 'high' });
    expect(await request(highest)).toMatchObject({ priority: 'urgent', version: 1 });
    expect(await did()).toEqual([{ priority: { from: 'normal', to: 'high' } }, {}]);
    expect(await everythingTold()).toMatchObject([
      { body: expect.stringContaining('The policy raised its priority to high.') as string }
    ]);
  });

  test('brings the policy of the new priority, whose steps come in the same sweep', async () => {
    const id = await mintQuery({ clientId, rmId: firm.rm.userId, teamId: firm.teams.rm });
    const clock = await mintLadder(superuser, {
      ...{ kind: 'query', id, dueAgo: -48 },
      rungs: [{ kind: 'warning', tell: 'assignee', does: ['raise_priority', 'notify'] }]
    });
    await superuser`insert into clock_segments (clock_id, kind, cause, from_at)
      values (${clock}, 'ours', 'Opened', now() - interval '9 days')`;
    await superuser`update clocks set policy_version_id = (select v.id from policy_versions v
      join policies p on p.id = v.policy_id where p.key = 'query.other') where id = ${clock}`;
    await sweepEscalations();
    const [now] =
      await superuser`select p.key, k.due_at < now() as late, k.breached_at is not null as breached
      from clocks k join policy_versions v on v.id = k.policy_version_id join policies p on p.id = v.policy_id
      where k.id = ${clock}`;
    expect(now).toEqual({ key: 'query.high', late: true, breached: true });
    expect((await everythingTold()).map(({ title }) => title.replace(/^QR-\d+ /, ''))).toContain(
      'is overdue'
    );
  });
});

describe('once', () => {
  const both = () =>
    overdueRequest([{ tell: 'head', does: ['notify', 'mail', 'reassign', 'raise_priority'] }]);

  test('however many sweep at the same time', async () => {
    const ids = await Promise.all(Array.from({ length: 12 }, both));
    await Promise.all([sweepEscalations(), sweepEscalations(), sweepEscalations()]);
    await sweepEscalations();
    for (const id of ids) expect(await request(id)).toMatchObject({ priority: 'high', version: 2 });
    const rows = await superuser`select cardinality(told_user_ids) as n from escalations`;
    expect(rows.map(({ n }) => n as number)).toEqual(Array(12).fill(2));
    expect((await everythingTold()).map(({ who }) => who).sort()).toEqual(['Opal Desk', 'Pia Opshead']);
  });

  test('when the sweep is killed while it changes records, or between that and the telling', async () => {
    const id = await both();
    await asSystem((tx) => carryOutDue(tx, 10));
    const killed = asSystem(async (tx) => {
      await doDeeds(tx, 10);
      throw new Error('killed');
    });
    await expect(killed).rejects.toThrow('killed');
    expect(await request(id)).toMatchObject({ version: 1 });
    await asSystem((tx) => doDeeds(tx, 10));
    expect(await request(id)).toMatchObject({ version: 2 });
    await sweepEscalations();
    await sweepEscalations();
    expect(await request(id)).toMatchObject({ version: 2, priority: 'high' });
    expect(await everythingTold()).toHaveLength(2);
  });

  test('and a record that somebody is working on is left for a moment, and so is what there is to tell of it', async () => {
    const id = await both();
    const other = await both();
    const { promise: release, resolve } = Promise.withResolvers<void>();
    const { promise: held, resolve: holds } = Promise.withResolvers<void>();
    const user = superuser.begin(async (sql) => {
      await sql`select id from service_requests where id = ${id} for update`;
      holds();
      await release;
    });
    await held;
    await sweepEscalations();
    expect(await request(other)).toMatchObject({ version: 2 });
    expect(await everythingTold()).toHaveLength(2);
    const woken = await superuser`select 1 from job_outbox where job = 'clocks.due' and run_at > now()`;
    expect(woken).not.toHaveLength(0);
    resolve();
    await user;
    await sweepEscalations();
    expect(await request(id)).toMatchObject({ version: 2 });
    expect(await everythingTold()).toHaveLength(4);
  });

  test('people completing work and sweeps never block each other for good', async () => {
    const ids = await Promise.all(Array.from({ length: 20 }, both));
    const people = ids.toReversed().map(async (id) =>
      callerFor(firm.opsHead)
        .requests.update({ id, version: 1, details: 'Seen' })
        .then(
          () => 'done',
          (error: { code: string }) => error.code
        )
    );
    const [answers] = await Promise.all([Promise.all(people), sweepEscalations(), sweepEscalations()]);
    expect(answers.every((answer) => answer === 'done' || answer === 'CONFLICT')).toBe(true);
    await sweepEscalations();
    const [left] =
      await superuser`select count(*)::int as n from escalations where did is null or told_at is null`;
    expect(left).toEqual({ n: 0 });
  });
});

test('work that was finished meanwhile is not passed on', async () => {
  const id = await overdueRequest([{ tell: 'head', does: ['notify', 'reassign'] }]);
  await asSystem((tx) => carryOutDue(tx, 10));
  await superuser`update service_requests set status = 'completed' where id = ${id}`;
  await sweepEscalations();
  expect(await request(id)).toMatchObject({ owner: firm.ops.userId });
  expect(await everythingTold()).toEqual([]);
});
