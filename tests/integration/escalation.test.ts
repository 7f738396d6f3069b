import { eq, inArray } from 'drizzle-orm';
import { describe, expect, test } from 'vitest';
import { resume, satisfyClock, startClocks, waitOn } from '#lib/clocks/commands.server.ts';
import type { Subject } from '#lib/clocks/model.ts';
import { clocks } from '#lib/clocks/schema.server.ts';
import { asActor, asSystem } from '#lib/platform/db/transactions.server.ts';
import { mailOutbox } from '#lib/platform/mail/schema.server.ts';
import { sweepEscalations, sweepWhenDue } from '../../workers/escalation.ts';
import { sendOnLeave, useQuietFirm } from '../support/escalating.ts';
import { carriedOut, everybodyTold, longAgo, newRequest, told } from '../support/overdue-work.ts';
import { mintClient, mintQuery } from '../support/records.ts';
import { firm, superuser, useTestFirm } from '../support/test-firm.ts';

useTestFirm();
useQuietFirm();

/** Makes one step due now and puts the later ones far ahead, as if only so much time had passed. */
async function onlyDue(subject: Subject, stepKey: string): Promise<void> {
  await superuser`
    update clock_steps s set action_at = case
        when s.position < d.position then now() - interval '3 hours'
        when s.position = d.position then now() - interval '1 hour' else now() + interval '30 days' end
    from clocks k, clock_steps d
    where k.id = s.clock_id and k.subject_kind = ${subject.kind} and k.subject_id = ${subject.id}
      and d.clock_id = k.id and d.step_key = ${stepKey}`;
}

async function alreadyDone(subject: Subject, ...stepKeys: string[]): Promise<void> {
  await superuser`
    insert into escalations (clock_id, step_key, policy_version_id, kind, action_at, told_user_ids)
    select s.clock_id, s.step_key, k.policy_version_id, s.kind, now(), '{1}' from clock_steps s join clocks k on k.id = s.clock_id
    where k.subject_kind = ${subject.kind} and k.subject_id = ${subject.id} and s.step_key = any (${stepKeys})`;
}

describe('a promise that is broken', () => {
  test('climbs every step in order, once, however often the sweep runs', async () => {
    const subject = await newRequest();
    await sweepEscalations();
    await sweepEscalations();

    const rows = await carriedOut();
    expect(rows.map((row) => row.stepKey)).toEqual(['warning', 'breach', 'administrators']);
    expect(rows.map((row) => row.toldUserIds)).toEqual([
      [firm.ops.userId],
      [firm.opsHead.userId],
      [firm.admin.userId]
    ]);
    const [clock] = await asSystem((tx) => tx.select().from(clocks).where(eq(clocks.subjectId, subject.id)));
    expect(clock).toMatchObject({ state: 'running', nextActionAt: null });
    expect(clock?.breachedAt).toEqual(clock?.dueAt);
    expect(await everybodyTold()).toHaveLength(3);
  });

  test('is told in the app and by mail, with a reason, the client and a link', async () => {
    const subject = await newRequest();
    await sweepEscalations();

    const [message] = await told(firm.opsHead);
    expect(message).toMatchObject({ kind: 'escalation', subjectKind: 'request', subjectId: subject.id });
    expect(message?.title).toMatch(/^SR-\d+ is overdue$/);
    expect(message?.body).toMatch(/^.+ for Meera Shah, with Opal Desk\. It was due /);
    expect(message?.reason).toBe('You are told as head of Operations.');
    const mails = await asSystem((tx) =>
      tx.select().from(mailOutbox).where(eq(mailOutbox.userId, firm.opsHead.userId))
    );
    expect(mails).toMatchObject([{ subject: message?.title, state: 'pending', kind: 'escalation' }]);
    expect(mails[0]?.text).toContain(`/requests/${subject.id}`);
    expect(mails[0]?.html).toContain('Meera Shah');
  });

  test('stands in the history of runs when a due step woke the sweep, and only when something was done', async () => {
    await superuser`delete from job_runs`;
    await newRequest();
    await sweepWhenDue();
    await sweepWhenDue();
    const runs = await superuser`select schedule, state, did, started_at is not null as started,
        date_trunc('minute', due_at) = due_at as ticked from job_runs`;
    expect(runs).toEqual([
      {
        ...{ schedule: 'clocks.sweep', state: 'done', started: true, ticked: false },
        did: 'Did what was due on 1 clock; told 3 people'
      }
    ]);
  });

  test('is only warned of before it is due', async () => {
    const subject = await newRequest();
    await superuser`update clocks set due_at = now() + interval '10 days'`;
    await onlyDue(subject, 'warning');
    await sweepEscalations();
    expect((await carriedOut()).map((row) => row.stepKey)).toEqual(['warning']);
    const [clock] = await asSystem((tx) => tx.select().from(clocks));
    expect(clock?.breachedAt).toBeNull();
    expect(clock?.nextActionAt).toEqual(clock?.dueAt);
  });

  test('stays quiet while the client has it, and once it is kept', async () => {
    const paused = await newRequest({ at: new Date() });
    const kept = await newRequest();
    await asActor(firm.ops, async (tx) => {
      await waitOn(tx, paused, 'client', 'Signature');
      await satisfyClock(tx, kept, 'resolution');
    });
    await superuser`update clocks set started_at = now() - interval '90 days' where subject_id = ${paused.id}`;
    await sweepEscalations();
    expect(await carriedOut()).toEqual([]);

    await asActor(firm.ops, (tx) => resume(tx, paused, 'It came'));
    expect(
      await asSystem((tx) => tx.select().from(clocks).where(eq(clocks.subjectId, paused.id)))
    ).toMatchObject([{ state: 'running' }]);
  });
});

describe('who is told', () => {
  test('of work in a queue that nobody took: the head of that team', async () => {
    await newRequest({ assignee: null });
    await sweepEscalations();
    expect((await carriedOut()).map((row) => row.toldUserIds[0])).toEqual([
      firm.opsHead.userId,
      firm.opsHead.userId,
      firm.admin.userId
    ]);
  });

  test('without a team: the head of the main team of the assignee', async () => {
    const subject = await newRequest({ assignee: firm.rm, teamId: null });
    await alreadyDone(subject, 'warning', 'administrators');
    await sweepEscalations();
    expect((await told(firm.rmHead)).map((row) => row.reason)).toEqual(['You are told as head of North.']);
  });

  test('of a query: its relationship manager, then his head', async () => {
    const clientId = await mintClient({ primaryRmId: firm.rm.userId });
    const id = await mintQuery({ clientId, rmId: firm.rm.userId });
    await asSystem((tx) =>
      startClocks(tx, { kind: 'query', id, clientId, priority: 'normal' }, { at: longAgo })
    );
    await sweepEscalations();
    expect((await carriedOut()).map((row) => row.toldUserIds)).toEqual([
      [firm.rm.userId],
      [firm.rmHead.userId],
      [firm.admin.userId]
    ]);
  });

  test('on leave: the substitute, who says for whom', async () => {
    await sendOnLeave(firm.ops, firm.ops2.userId);
    const subject = await newRequest();
    await alreadyDone(subject, 'breach', 'administrators');
    await sweepEscalations();
    expect(await told(firm.ops)).toEqual([]);
    expect((await told(firm.ops2)).map((row) => row.reason)).toEqual([
      'You are told as the substitute of Opal Desk, who is on leave.'
    ]);
  });

  test('on leave with a substitute who may not see the record: the head', async () => {
    await sendOnLeave(firm.ops, firm.otherRm.userId);
    const subject = await newRequest();
    await alreadyDone(subject, 'breach', 'administrators');
    await sweepEscalations();
    expect(await told(firm.otherRm)).toEqual([]);
    expect(await told(firm.opsHead)).toHaveLength(1);
  });

  test('where a team has no head: the administrators', async () => {
    const subject = await newRequest({ assignee: firm.otherOps, teamId: firm.teams.otherOps });
    await alreadyDone(subject, 'warning', 'administrators');
    await sweepEscalations();
    expect((await told(firm.admin)).map((row) => row.reason)).toEqual(['You are told as an administrator.']);
  });

  test('of many at once after downtime: each person in one message with all of it', async () => {
    for (let each = 0; each < 8; each++) await newRequest();
    await sweepEscalations();

    expect(await carriedOut()).toHaveLength(24);
    const [message, ...others] = await told(firm.opsHead);
    expect(others).toEqual([]);
    expect(message).toMatchObject({
      title: '8 promises need attention',
      kind: 'escalation',
      subjectKind: 'promises'
    });
    expect(message?.body?.split('\n')).toHaveLength(8);
    const mails = await asSystem((tx) =>
      tx
        .select()
        .from(mailOutbox)
        .where(inArray(mailOutbox.userId, [firm.ops.userId, firm.opsHead.userId]))
    );
    expect(mails).toHaveLength(2);
  });
});
