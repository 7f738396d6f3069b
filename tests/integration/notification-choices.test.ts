import { describe, expect, test } from 'vitest';
import { notify } from '#lib/notifications/commands.server.ts';
import { NOTIFICATION_KINDS, NOTIFICATION_KIND_NAMES } from '#lib/notifications/kinds.ts';
import { mailNotifications } from '#lib/notifications/mailing.server.ts';
import { asActor, asSystem } from '#lib/platform/db/transactions.server.ts';
import { callerFor } from '#lib/platform/trpc/caller.server.ts';
import { sweepEscalations } from '../../workers/escalation.ts';
import { mintLadder } from '../support/ladders.ts';
import { choose, clientId, kindsOf, mailed, overdue, tell, useNotifications } from '../support/notifying.ts';
import { mintClient, mintQuery, mintRequest } from '../support/records.ts';
import { firm, superuser, useTestFirm } from '../support/test-firm.ts';

useTestFirm();
useNotifications();

describe('a choice', () => {
  test('that nobody made is the one the database knows too', async () => {
    const choices = await callerFor(firm.rm).notifications.choices({});
    for (const kind of NOTIFICATION_KIND_NAMES) {
      const [row] = await superuser<{ choice: string }[]>`
        select app.delivery_for(${firm.rm.userId}, ${kind}) as choice`;
      expect([kind, row?.choice]).toEqual([kind, NOTIFICATION_KINDS[kind].usually]);
      expect(choices[kind]).toBe(NOTIFICATION_KINDS[kind].usually);
    }
  });

  test('to hear nothing of a kind stops it, and only it, whoever writes', async () => {
    await choose(firm.ops, { mention: 'none', escalation: 'none' });
    await tell('mention', firm.ops);
    await tell('merged', firm.ops);
    await asSystem((tx) =>
      notify(tx, {
        key: 'x',
        userIds: [firm.ops.userId],
        kind: 'mention',
        subject: null,
        title: 'x',
        reason: 'x'
      })
    );
    await overdue();
    await sweepEscalations();
    expect(await kindsOf(firm.ops)).toEqual(['merged']);
    expect(await mailed()).toEqual([]);
    const [step] =
      await superuser`select told_user_ids as ids, told_at is not null as settled from escalations`;
    expect(step).toEqual({ ids: [], settled: true });
  });

  test('by mail at once asks for the mail in the same transaction, and sends it once', async () => {
    await choose(firm.rm, { assigned: 'mail' });
    await expect(
      asActor(firm.rmHead, async (tx) => {
        await notify(tx, {
          key: 'gone',
          userIds: [firm.rm.userId],
          kind: 'assigned',
          subject: null,
          title: 'x',
          reason: 'x'
        });
        throw new Error('no');
      })
    ).rejects.toThrow('no');
    expect(await superuser`select 1 from job_outbox where job = 'notifications.mail'`).toHaveLength(0);
    const id = await mintQuery({ clientId, rmId: firm.rm.userId });
    await tell('assigned', firm.rm, { kind: 'query', id });
    expect(await superuser`select 1 from job_outbox where job = 'notifications.mail'`).toHaveLength(1);
    const mail = () => asSystem((tx) => mailNotifications(tx, 'http://rapport.test'));
    await Promise.all([mail(), mail()]);
    await mail();
    const [one, ...others] = await mailed();
    expect(others).toEqual([]);
    expect(one?.subject).toMatch(/^News \d+$/);
    expect(one?.text).toContain(
      'You are in this test. Choose how you are told under http://rapport.test/me/notifications'
    );
    expect(one?.text).toContain(`http://rapport.test/queries/${id}`);
  });

  test('of many at once by mail makes one mail', async () => {
    await choose(firm.rm, { assigned: 'mail' });
    for (let n = 0; n < 7; n++) await tell('assigned', firm.rm);
    await asSystem((tx) => mailNotifications(tx, 'http://rapport.test'));
    expect(await mailed()).toMatchObject([{ subject: '7 notifications' }]);
  });

  test('against broken promises leaves them in the app for those who lead people', async () => {
    await expect(choose(firm.opsHead, { escalation: 'none' })).rejects.toMatchObject({
      code: 'UNPROCESSABLE_CONTENT'
    });
    await choose(firm.opsHead, { escalation: 'app', warning: 'none' });
    // Chosen while he led nobody.
    await superuser`update user_profiles set notification_choices = '{"escalation": "none"}'
      where user_id = ${firm.opsHead.userId}`;
    await overdue('head');
    await sweepEscalations();
    expect(await kindsOf(firm.opsHead)).toEqual(['escalation']);
    expect(await mailed()).toEqual([]);
  });

  test('is made by everybody for himself: the database refuses a head', async () => {
    const attempt = superuser.begin(async (sql) => {
      await sql`select set_config('app.user_id', ${String(firm.rmHead.userId)}, true)`;
      await sql.unsafe('set local role rapport_scoped');
      await sql`update user_profiles set notification_choices = '{"escalation": "none"}' where user_id = ${firm.rm.userId}`;
    });
    await expect(attempt).rejects.toThrow(/chooses for himself/);
  });

  test('of what it does not know is refused', async () => {
    const other = callerFor(firm.rm).notifications.choose as (input: unknown) => Promise<unknown>;
    await expect(other({ mention: 'loud' })).rejects.toMatchObject({ code: 'BAD_REQUEST' });
    await expect(other({ userId: 1, mention: 'none' })).rejects.toMatchObject({ code: 'BAD_REQUEST' });
  });
});

describe('a step of a policy', () => {
  const does = async (does: ('notify' | 'mail')[]) => {
    const id = await mintRequest({ clientId, teamId: firm.teams.ops, assigneeId: firm.ops.userId });
    await mintLadder(superuser, { kind: 'request', id, rungs: [{ tell: 'assignee', does }] });
    await sweepEscalations();
    const [row] = await superuser<{ unread: boolean }[]>`select read_at is null as unread from notifications`;
    return { unread: row?.unread, mails: (await mailed()).length };
  };
  test('that does not mail stays in the app', async () => {
    expect(await does(['notify'])).toEqual({ unread: true, mails: 0 });
  });
  test('that only mails leaves nothing unread', async () => {
    expect(await does(['mail'])).toEqual({ unread: false, mails: 1 });
  });
});

describe('a muted record', () => {
  const about = async () => ({ kind: 'request' as const, id: await overdue() });

  test('tells only what is meant by name, and in the app that a promise is broken', async () => {
    const record = await about();
    const api = callerFor(firm.ops).notifications;
    await api.mute(record);
    await api.mute(record);
    for (const kind of ['mention', 'assigned', 'acknowledged', 'merged', 'warning'] as const)
      await tell(kind, firm.ops, record);
    await sweepEscalations();
    expect((await kindsOf(firm.ops)).sort()).toEqual(['assigned', 'escalation', 'mention']);
    expect(await mailed()).toEqual([]);

    expect(await api.muted({})).toMatchObject([{ ...record, page: `/requests/${record.id}` }]);
    expect(await api.about(record)).toEqual({ muted: true, unread: 3 });
    await api.unmute(record);
    await tell('merged', firm.ops, record);
    expect(await kindsOf(firm.ops)).toContain('merged');
  });

  test('is muted for oneself only, and only when one sees it', async () => {
    const record = await about();
    await callerFor(firm.ops).notifications.mute(record);
    expect(await callerFor(firm.opsHead).notifications.muted({})).toEqual([]);
    await tell('merged', firm.opsHead, record);
    expect(await kindsOf(firm.opsHead)).toEqual(['merged']);
    const id = await mintQuery({
      clientId: await mintClient({ primaryRmId: firm.otherRm.userId }),
      rmId: firm.otherRm.userId
    });
    const hidden = callerFor(firm.rm).notifications.mute({ kind: 'query', id });
    await expect(hidden).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(callerFor(firm.rm).notifications.mute({ kind: 'query', id: 999_999 })).rejects.toMatchObject(
      { code: 'NOT_FOUND' }
    );
  });

  test('that somebody no longer sees can be unmuted, without its name', async () => {
    const id = await mintQuery({ clientId, rmId: firm.rm2.userId });
    const record = { kind: 'query' as const, id };
    await callerFor(firm.rm2).notifications.mute(record);
    await superuser`update queries set rm_id = ${firm.rm.userId} where id = ${id}`;
    expect(await callerFor(firm.rm2).notifications.muted({})).toMatchObject([
      { ...record, label: null, page: null }
    ]);
    await callerFor(firm.rm2).notifications.unmute(record);
    expect(await callerFor(firm.rm2).notifications.muted({})).toEqual([]);
  });
});
